#!/usr/bin/env python3
"""Fails for C that clang-format would change, scripts that shellcheck's own parser (bash -n) refuses, and Python that does not compile."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True,
                        check=True).stdout.split("\0")
files = [f for f in listed if f and (ROOT / f).is_file()]
bad = []
c = [f for f in files if f.endswith((".c", ".h"))]


def misshapen(some: list[str]) -> list[str]:
    out = subprocess.run(["clang-format-14", "--dry-run", *some], cwd=ROOT, capture_output=True, text=True).stderr
    return sorted({line.split(":")[0] + ": run `make format`" for line in out.splitlines() if "warning:" in line})


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for found in pool.map(misshapen, (c[i:i + 50] for i in range(0, len(c), 50))):
        bad += found
for f in files:
    path = ROOT / f
    if f.endswith(".py"):
        try:
            compile(path.read_text(), f, "exec")
        except SyntaxError as error:
            bad.append(f"{f}: {error}")
    elif path.stat().st_size < 1 << 20 and path.open("rb").readline().startswith(b"#!/usr/bin/env bash"):
        if subprocess.run(["bash", "-n", path], capture_output=True).returncode:
            bad.append(f"{f}: bash can't parse it")
print("\n".join(bad), end="\n" if bad else "")
print(f"{len(c) - len(bad)} passed, {len(bad)} failed")
sys.exit(1 if bad else 0)
