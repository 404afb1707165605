#!/usr/bin/env python3
"""Runs every unit-test program of a build folder and adds up their counts: `run_units.py build`."""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
folder = ROOT / sys.argv[1]
sums = [0, 0, 0]
for program in sorted(p for p in folder.glob("unit_*") if p.is_file() and os.access(p, os.X_OK)):
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                          env={**os.environ, "FAPIAO_ROOT": str(ROOT), "FAPIAO_BUILD": str(folder)})
    found = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", done.stdout, re.M)
    counts = [int(x or 0) for x in found[-1]] if found else [0, 1, 0]
    if done.returncode != 0 and counts[1] == 0:
        counts[1] = 1
    print(f"{program.name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
    if counts[1] or not found:
        print(done.stdout[-3000:], done.stderr[-6000:])
    else:
        print("\n".join(sorted({l for l in done.stderr.splitlines() if l.startswith("skipped")})))
    sums = [a + b for a, b in zip(sums, counts)]
if sums[0] == 0:
    sums[1] += 1
    print(f"no unit tests in {folder.name}")
print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
sys.exit(1 if sums[1] else 0)
