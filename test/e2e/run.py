#!/usr/bin/env python3
"""Runs every *_test.py of this folder against the built programs and adds up what they count."""
import pathlib
import re
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
sums = [0, 0, 0]
failed = []
for script in sorted(here.glob("*_test.py")):
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)
    found = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", done.stdout, re.M)
    counts = [int(x or 0) for x in found[-1]] if found else [0, 1, 0]
    if done.returncode and not counts[1]:
        counts[1] = 1
    print(f"{script.name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped", flush=True)
    if counts[1]:
        print(done.stdout[-6000:], done.stderr[-3000:])
    for line in done.stdout.splitlines():
        if line.startswith("skipped"):
            print(line, flush=True)
    sums = [a + b for a, b in zip(sums, counts)]
    failed += [script.name] if counts[1] else []
for name in failed:
    print(f"FAILED {name}")
print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
sys.exit(1 if sums[1] or not sums[0] else 0)
