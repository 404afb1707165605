#!/usr/bin/env python3
"""Runs every *_test.py of this folder against the built programs, two at a time, and adds up what they count."""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import time

here = pathlib.Path(__file__).resolve().parent
# They begin, so that none is left alone at the end; a name that is gone costs nothing.
LONGEST = ("mutants_test", "hostile_test", "nodes_test", "samples_test", "folder_test", "witness_test", "notify_test", "erasure_test")


def execute(script: pathlib.Path) -> tuple[list[int], str]:
    begun = time.monotonic()
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)
    found = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", done.stdout, re.M)
    counts = [int(x or 0) for x in found[-1]] if found else [0, 1, 0]
    if done.returncode and not counts[1]:
        counts[1] = 1
    said = [f"{script.name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped in {time.monotonic() - begun:.0f} s"]
    if counts[1]:
        said.append(f"{done.stdout[-6000:]} {done.stderr[-3000:]}")
    return counts, "\n".join(said + [line for line in done.stdout.splitlines() if line.startswith("skipped")])


def order(script: pathlib.Path) -> tuple[int, str]:
    return (LONGEST.index(script.stem) if script.stem in LONGEST else len(LONGEST), script.name)


scripts = sorted(here.glob("*_test.py"), key=order)
sums, failed = [0, 0, 0], []
# Much of each is waiting: for answers, for the disk, for a clock.
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for script, (counts, said) in zip(scripts, pool.map(execute, scripts)):
        print(said, flush=True)
        sums = [a + b for a, b in zip(sums, counts)]
        failed += [script.name] if counts[1] else []
for name in failed:
    print(f"FAILED {name}")
print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
sys.exit(1 if sums[1] or not sums[0] else 0)
