#!/usr/bin/env python3
"""Prints the C sources of one folder of src/, one a line: `sources.py FOLDER lib|test|fuzz|head`.

The build asks this at configure time, so a new file needs no line anywhere: a name's ending says what it is
(x.c, x_test.c, x_fuzz.c). Main files in src/app are listed by hand in meson.build.
"""
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent
folder, what = root / "src" / sys.argv[1], sys.argv[2]
deep = len(sys.argv) > 3 and sys.argv[3] == "deep"
if what == "head":
    print(*(p.relative_to(root) for p in sorted(folder.glob("*.h"))), sep="\n")
for path in sorted(folder.rglob("*.c") if deep else folder.glob("*.c")):
    kind = next((k for k in ("test", "fuzz", "bench", "main") if path.stem.endswith("_" + k)), "lib")
    if path.stem == "test" and path.parent.name == "base":
        continue  # the harness: linked by the unit tests alone
    if kind == what:
        print(path.relative_to(root))
