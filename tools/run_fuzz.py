#!/usr/bin/env python3
"""Runs every fuzz target of a build folder for FAPIAO_FUZZ_RUNS executions (100,000; those that end in _glue_fuzz 2,000).

Targets start from test/corpus/regress/<target>/ where that is there. The seed is printed, so a run can be repeated:
FAPIAO_FUZZ_SEED. What crashes is left in build-fuzz/crash-*; it belongs into test/corpus/regress and a unit test.

A *_glue_fuzz target runs inside a library that decodes without a limit of its own. There the process is what has the limits
(LIMIT_READER_CPU_SECONDS, LIMIT_READER_MEMORY; sandbox_test.c says that they hold), so an input that takes too long or too much
is counted and printed, and the rest of the executions follow; more than ENDED_MAX of them, or anything else, is a failure.
"""
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENDED_MAX = 3
TIMEOUT_EXIT, MEMORY_EXIT = 70, 71  # libFuzzer's
# An execution is over before 16 MiB were freed behind it; a crash is repeated by its seed where more of its stack is wanted.
OPTIONS = "detect_leaks=0:quarantine_size_mb=16:malloc_context_size=8"
folder = ROOT / sys.argv[1]
runs = int(os.environ.get("FAPIAO_FUZZ_RUNS", "100000"))
seed = int(os.environ.get("FAPIAO_FUZZ_SEED", str(random.randrange(1, 2**31))))
print(f"seed {seed}")
build = subprocess.run(["ninja", "-C", folder, "fuzzers"], capture_output=True, text=True)
if build.returncode:
    print(build.stdout[-4000:])
    print("0 passed, 1 failed")
    sys.exit(1)


def execute(target: pathlib.Path, name: str, count: int, turn: int) -> tuple[int, int, str]:
    """Exit code, executions, what it said."""
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = [str(p) for p in [ROOT / "test/corpus/regress" / name] if p.is_dir()]
    done = subprocess.run([target, f"-runs={count}", f"-seed={seed + turn}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=2048",
                           f"-artifact_prefix={folder}/crash-{name}-", "-print_final_stats=1", corpus, *seeds],
                          capture_output=True, text=True, errors="replace", cwd=ROOT,
                          env={**os.environ, "ASAN_OPTIONS": OPTIONS})
    lines = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    return done.returncode, int(lines[-1].split()[-1]) if lines else 0, done.stderr


def fuzz(target: pathlib.Path) -> tuple[str, bool, str]:
    name = target.name.removeprefix("fuzz_")
    glue = name.endswith("_glue_fuzz")
    count = min(runs, runs // 50) if glue else runs
    executed = ended = 0
    begun = time.monotonic()
    while True:
        code, more, said = execute(target, name, count - executed, ended)
        executed += more
        if code == 0 or not glue or code not in (TIMEOUT_EXIT, MEMORY_EXIT) or ended == ENDED_MAX:
            break
        ended += 1
        if executed >= count:
            code = 0
            break
    if code:
        # What the target itself said of it stands before libFuzzer's report, which is long.
        own = said.partition("ERROR: libFuzzer")[0]
        return name, False, own[-1500:] + "\n…\n" + said[-3000:]
    return name, executed >= count, f"{executed} executions in {time.monotonic() - begun:.0f} s" + (f", {ended} ended by a limit" if ended else "")


targets = sorted(p for p in folder.glob("fuzz_*") if p.is_file() and os.access(p, os.X_OK))
failed = []
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for name, ok, text in pool.map(fuzz, targets):
        line = f"{'ok' if ok else 'FAILED'} {name}: {text}"
        print(line, flush=True)
        if not ok:
            failed.append(line)
# Once more, at the end: whoever sees only that of a long log sees which.
for line in failed:
    print(line[:1600])
    print(line[-1500:])
    print(line.partition(":")[0])
if not targets:
    print("no fuzz targets were built")
    failed.append("")
print(f"{len(targets) - len(failed) if targets else 0} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)
