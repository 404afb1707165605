#!/usr/bin/env python3
"""Runs every fuzz target of a build folder for FAPIAO_FUZZ_RUNS executions (100,000; those that end in _glue_fuzz 2,000).

Targets start from test/corpus/regress/<target>/ where that is there. The seed is printed, so a run can be repeated:
FAPIAO_FUZZ_SEED. What crashes is left in build-fuzz/crash-*; it belongs into test/corpus/regress and a unit test.
"""
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
folder = ROOT / sys.argv[1]
runs = int(os.environ.get("FAPIAO_FUZZ_RUNS", "100000"))
seed = int(os.environ.get("FAPIAO_FUZZ_SEED", str(random.randrange(1, 2**31))))
print(f"seed {seed}")
build = subprocess.run(["ninja", "-C", folder], capture_output=True, text=True)
if build.returncode:
    print(build.stdout[-4000:])
    print("0 passed, 1 failed")
    sys.exit(1)


def fuzz(target: pathlib.Path) -> tuple[str, bool, str]:
    name = target.name.removeprefix("fuzz_")
    count = min(runs, runs // 50) if name.endswith("_glue_fuzz") else runs
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = [str(p) for p in [ROOT / "test/corpus/regress" / name] if p.is_dir()]
    done = subprocess.run([target, f"-runs={count}", f"-seed={seed}", "-max_len=8192", "-timeout=20", "-rss_limit_mb=2048",
                           f"-artifact_prefix={folder}/crash-{name}-", "-print_final_stats=1", corpus, *seeds],
                          capture_output=True, text=True, errors="replace", cwd=ROOT,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    lines = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
    executed = int(lines[-1].split()[-1]) if lines else 0
    return name, done.returncode == 0 and executed >= count, f"{executed} executions" if done.returncode == 0 else done.stderr[-3000:]


targets = sorted(p for p in folder.glob("fuzz_*") if p.is_file() and os.access(p, os.X_OK))
failed = 0
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for name, ok, text in pool.map(fuzz, targets):
        failed += not ok
        print(f"{'ok' if ok else 'FAILED'} {name}: {text}", flush=True)
if not targets:
    print("no fuzz targets were built")
    failed = 1
print(f"{len(targets) - failed if targets else 0} passed, {failed} failed")
sys.exit(1 if failed else 0)
