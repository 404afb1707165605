#!/usr/bin/env python3
"""The C sources of src/, as the build asks for them.

    sources.py FOLDER lib|test|fuzz|head [deep]   those of one folder, one a line
    sources.py --note BUILD                       all of them, written down in BUILD/sources.list
    sources.py --same BUILD                       exit code 0 when they are still those

The build asks at configure time, so a new file needs no line anywhere: a name's ending says what it is
(x.c, x_test.c, x_fuzz.c). Main files in src/app are listed by hand in meson.build. Ninja does not look again:
whoever builds asks --same first (`tools/configure`), for a pull may have brought a file or taken one away.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def of_folder(folder: pathlib.Path, what: str, deep: bool) -> None:
    if what == "head":
        print(*(p.relative_to(ROOT) for p in sorted(folder.glob("*.h"))), sep="\n")
    for path in sorted(folder.rglob("*.c") if deep else folder.glob("*.c")):
        kind = next((k for k in ("test", "fuzz", "bench", "main") if path.stem.endswith("_" + k)), "lib")
        if path.stem == "test" and path.parent.name == "base":
            continue  # the harness: linked by the unit tests alone
        if kind == what:
            print(path.relative_to(ROOT))


def all_names() -> str:
    return "".join(f"{p.relative_to(ROOT)}\n" for p in sorted((ROOT / "src").rglob("*.[ch]")))


def main() -> int:
    if sys.argv[1] not in ("--note", "--same"):
        of_folder(ROOT / "src" / sys.argv[1], sys.argv[2], sys.argv[3:] == ["deep"])
        return 0
    noted = pathlib.Path(sys.argv[2], "sources.list")
    if sys.argv[1] == "--note":
        noted.write_text(all_names())
        return 0
    return 0 if noted.exists() and noted.read_text() == all_names() else 1


sys.exit(main())
