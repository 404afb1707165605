#!/usr/bin/env python3
"""Runs the suites of this project one after the other (what keeps one core busy: two at a time) and adds up what they count.

    run_tests.py all     everything that `make test` promises
    run_tests.py check   format, tidy, layers, unit tests under sanitizers: before each commit
    run_tests.py fuzz    every fuzz target, FAPIAO_FUZZ_RUNS executions each (100,000)
    run_tests.py soak    the long runs
    run_tests.py NAME    one suite by its name

A suite's own last line "N passed, N failed[, N skipped]" is read; a suite that prints none, or ends with another exit code
than its counts say, has failed. Output goes to build/test-logs/NAME.log; of a failed suite the end is shown.
"""
import concurrent.futures
import itertools
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "test-logs"
CPU = re.compile(r"^(\d+)m([\d.]+)s (\d+)m([\d.]+)s$", re.M)
COUNTS = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$", re.M)
SAN = "-Db_sanitize=address,undefined"
ENV = {
    "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "FAPIAO_ROOT": str(ROOT),
    "G_SLICE": "always-malloc",
    "LSAN_OPTIONS": f"suppressions={ROOT}/tools/lsan.supp:print_suppressions=0",
}


def sh(command: str) -> list:
    return ["bash", "-c", f"trap times EXIT; {command}"]


def cpu_of(text: str) -> float:
    """Seconds of CPU of a suite and what it waited for, by its shell's own account: the last line of `times`."""
    found = CPU.findall(text)
    return 60 * (int(found[-1][0]) + int(found[-1][2])) + float(found[-1][1]) + float(found[-1][3]) if found else 0


def setup(folder: str, compiler: str, options: str) -> str:
    return f"CC={compiler} tools/configure {folder} {options} || exit 1"


def units(folder: str, where: str = "") -> str:
    # In build everything is made here, for the suites that follow.
    return (f"ninja -C {folder} {'all' if folder == 'build' else 'units'} >{folder}/ninja.log 2>&1 || {{ grep -A12 -E 'FAILED|error' {folder}/ninja.log | head -60; exit 1; }}; "
            f"python3 tools/run_units.py {folder} {where}")


SUITES = {  # name: (in `all`, in `check`, in `soak`, what runs, seconds it may take)
    "format": (1, 1, 0, "python3 tools/check_format.py", 120),
    "tidy": (1, 1, 0, "python3 tools/tidy.py", 120),
    "layers": (1, 1, 0, "python3 tools/check_layers.py", 60),
    # The same tests twice: on a real disk, and under sanitizers, where a disk in memory does.
    "unit-gcc": (1, 0, 0, units("build"), 1200),
    "unit-sanitized": (1, 1, 0, setup("build-san", "clang-14", f"-Ddebug=true -Doptimization=1 {SAN} -Db_lundef=false") + "; "
                       + units("build-san", "--in-memory"), 1500),
    "lint": (1, 0, 0, "python3 tools/lint.py", 900),
    "e2e": (1, 0, 0, "python3 test/e2e/run.py", 1500),
    "faults": (1, 0, 0, "build/faults", 1800),
    "crash": (1, 0, 0, "build/crash --rounds 200", 900),
    "powercut": (1, 0, 0, "build/powercut --cuts 200 --control 40", 900),
    "tamper": (1, 0, 0, "build/tamper", 900),
    "web": (1, 0, 0, "bash tools/test_web", 600),
    "browser": (1, 0, 0, "bash test/browser/run", 900),
    "bench-tiny": (1, 0, 0, "python3 bench/bench.py --tiny", 300),
    "fuzz": (1, 0, 0, setup("build-fuzz", "clang-14", f"--buildtype=debugoptimized -Dfuzz=true {SAN} -Db_lundef=false")
             + "; python3 tools/run_fuzz.py build-fuzz", 1800),
    "soak-crash": (0, 0, 1, "build/crash --rounds 10000", 24 * 3600),
    "soak-powercut": (0, 0, 1, "build/powercut --cuts 10000 --control 1000", 24 * 3600),
    "soak-faults": (0, 0, 1, "build/faults --all 1", 24 * 3600),
    "soak-fuzz": (0, 0, 1, "FAPIAO_FUZZ_RUNS=10000000 python3 tools/run_fuzz.py build-fuzz", 24 * 3600),
}

# Each keeps one core busy at most: two of them run at a time, the longest first.
ONE_CORE = {"faults", "crash", "powercut", "tamper", "web", "browser"}


def run(name: str) -> tuple[int, int, int]:
    _, _, _, command, limit = SUITES[name]
    print(f"==> {name}", flush=True)
    log = LOGS / f"{name}.log"
    begun = time.monotonic()
    with open(log, "wb") as out:
        try:
            code = subprocess.run(sh(command), cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                  env={**os.environ, **ENV}, timeout=limit).returncode
        except subprocess.TimeoutExpired:
            code = -1
            out.write(f"\ntook longer than {limit} s\n".encode())
    text = log.read_text(errors="replace")
    found = COUNTS.findall(text)
    passed, failed, skipped = (int(x or 0) for x in found[-1]) if found else (0, 0, 0)
    if code != 0 and failed == 0 or not found or passed + skipped == 0 and failed == 0:
        failed += 1
    took = time.monotonic() - begun
    said = [f"{name}: {passed} passed, {failed} failed, {skipped} skipped in {took:.0f} s, {cpu_of(text):.0f} of CPU"]
    said += ["| " + line for line in text.splitlines()[-60:]] if failed else []
    said += sorted(set(re.findall(r"^skipped: .*", text, re.M)))[:8]
    print("\n".join("    " + line for line in said), flush=True)
    return passed, failed, skipped


def main() -> int:
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    column = {"all": 0, "check": 1, "soak": 2}.get(what)
    chosen = [n for n, s in SUITES.items() if (s[column] if column is not None else n == what)]
    if not chosen:
        print(f"no suite is called {what}: {' '.join(SUITES)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    sums = [0, 0, 0]
    for beside, names in itertools.groupby(chosen, lambda name: name in ONE_CORE):
        with concurrent.futures.ThreadPoolExecutor(2 if beside else 1) as pool:
            for counts in pool.map(run, names):
                sums = [a + b for a, b in zip(sums, counts)]
    print(f"all of it in {(time.monotonic() - begun) / 60:.1f} minutes; logs in build/test-logs")
    print(f"{sums[0]} passed, {sums[1]} failed" + (f", {sums[2]} skipped" if sums[2] else ""))
    return 1 if sums[1] else 0


sys.exit(main())
