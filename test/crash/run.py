#!/usr/bin/env python3
"""kill -9 at 200 random moments while 5,000 files are being taken in: `run.py [ROUNDS]`. The seed is printed."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
built = subprocess.run(["ninja", "-C", str(BUILD), "crash"], capture_output=True, text=True)
if built.returncode != 0:
    print(built.stdout[-3000:])
    print("0 passed, 1 failed")
    sys.exit(1)
done = subprocess.run([str(BUILD / "crash"), "--rounds", sys.argv[1] if len(sys.argv) > 1 else "200"])
if done.returncode != 0:
    print("0 passed, 1 failed")
sys.exit(done.returncode)
