#!/usr/bin/env python3
"""Runs every unit-test program of a build folder side by side, and adds up their counts: `run_units.py build [--in-memory]`.

A long one is run in parts, and the longest of the last time begin, so that none is left alone at the end; one more runs than
there are cores, as some wait for the disk. What each took, and what of it was CPU, is printed and kept in unit-seconds.json.

--in-memory: their folders lie in memory where there is room for them, so that none waits for the disk.
"""
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
folder = ROOT / sys.argv[1]
NOTED = folder / "unit-seconds.json"
MEMORY = pathlib.Path("/dev/shm")
MEMORY_BYTES = 1 << 30  # free: some 160 MB are used
PART_SECONDS = 40  # a program that took longer is cut into parts of about so many


def temporary() -> dict[str, str]:
    """TMPDIR of the programs: what is set already, else memory when that is asked for and there."""
    if "TMPDIR" in os.environ or "--in-memory" not in sys.argv or not os.access(MEMORY, os.W_OK | os.X_OK):
        return {}
    free = os.statvfs(MEMORY)
    return {"TMPDIR": str(MEMORY)} if free.f_bavail * free.f_frsize >= MEMORY_BYTES else {}


@dataclasses.dataclass(frozen=True)
class Part:
    program: pathlib.Path
    part: int
    parts: int
    seconds: float  # that it took the last time, about


WHERE = temporary()


def run(job: Part) -> tuple[list[int], float, str]:
    program = job.program
    begun = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as out, tempfile.TemporaryFile("w+", errors="replace") as err:
        child = subprocess.Popen([program], cwd=ROOT, stdout=out, stderr=err, stdin=subprocess.DEVNULL,
                                 env={**os.environ, **WHERE, "FAPIAO_ROOT": str(ROOT), "FAPIAO_BUILD": str(folder),
                                      "FAPIAO_TEST_PART": f"{job.part}/{job.parts}"})
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        said, wrong = out.read(), err.read()
    took = time.monotonic() - begun
    found = re.findall(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", said, re.M)
    counts = [int(x or 0) for x in found[-1]] if found else [0, 1, 0]
    if child.returncode != 0 and counts[1] == 0:
        counts[1] = 1
    name = program.name + (f" {job.part + 1}/{job.parts}" if job.parts > 1 else "")
    text = (f"{name}: {counts[0]} passed, {counts[1]} failed, {counts[2]} skipped"
            f" in {took:.1f} s, {used.ru_utime + used.ru_stime:.1f} of CPU\n")
    if counts[1] or not found:
        # What failed before what a sanitizer says of it, which is long.
        text += "".join(line + "\n" for line in wrong.splitlines() if re.search(r": expected |^FAILED|Assertion", line))
        text += said[-3000:] + wrong[-6000:]
    else:
        text += "".join(sorted({line + "\n" for line in wrong.splitlines() if line.startswith("skipped")}))
    return counts, took, text


def noted() -> dict[str, float]:
    try:
        return json.loads(NOTED.read_text())
    except (OSError, ValueError):
        return {}


def cut(program: pathlib.Path, seconds: float) -> list[Part]:
    parts = 1 + int(seconds // PART_SECONDS)
    return [Part(program, part, parts, seconds / parts) for part in range(parts)]


def main() -> int:
    last = noted()
    programs = sorted(p for p in folder.glob("unit_*") if p.is_file() and os.access(p, os.X_OK))
    jobs = [job for program in programs for job in cut(program, last.get(program.name, 0))]
    jobs.sort(key=lambda job: (job.seconds, job.program.stat().st_size), reverse=True)
    sums, seconds = [0, 0, 0], {program.name: 0.0 for program in programs}
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 1) as pool:
        for job, (counts, took, text) in zip(jobs, pool.map(run, jobs)):
            print(text, end="", flush=True)
            seconds[job.program.name] = round(seconds[job.program.name] + took, 1)
            sums = [a + b for a, b in zip(sums, counts)]
    NOTED.write_text(json.dumps(seconds, indent=0))
    if sums[0] == 0:
        sums[1] += 1
        print(f"no unit tests in {folder.name}")
    print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
    return 1 if sums[1] else 0


if __name__ == "__main__":
    sys.exit(main())
