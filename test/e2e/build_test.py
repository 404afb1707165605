#!/usr/bin/env python3
"""A pull that brings a source, or takes one away, is configured before it is built."""
import os
import pathlib
import shutil
import subprocess
import tempfile

from house import ROOT, main, test

# Stands for meson: says how it was called, and does what meson.build does with the sources. Fails on a file called bad.c.
MESON = """#!/bin/sh
echo "$@" >>"$CALLS"
for folder in "$@"; do [ -d "$folder" ] || [ "$folder" = build ] && last=$folder; done
mkdir -p "$last" && python3 tools/sources.py --note "$last" && [ ! -f src/base/bad.c ] && touch "$last/build.ninja"
"""


@test
def a_new_source_is_configured_and_nothing_else_is():
    with tempfile.TemporaryDirectory(prefix="fapiao-build-") as top:
        top = pathlib.Path(top)
        for folder in ("tools", "src/base", "bin"):
            (top / folder).mkdir(parents=True)
        for tool in ("configure", "sources.py"):
            shutil.copy(ROOT / "tools" / tool, top / "tools" / tool)
        (top / "bin/meson").write_text(MESON)
        (top / "bin/meson").chmod(0o755)
        calls, base = top / "calls", top / "src/base"

        def configured() -> tuple[int, list[str]]:
            calls.write_text("")
            env = {**os.environ, "PATH": f"{top / 'bin'}:{os.environ['PATH']}", "CALLS": str(calls)}
            done = subprocess.run([top / "tools/configure", "build", "--buildtype=release"], env=env, capture_output=True, timeout=60)
            return done.returncode, calls.read_text().splitlines()

        again = (0, ["setup --reconfigure build"])
        (base / "a.c").write_text("")
        assert configured() == (0, ["setup build --buildtype=release"])
        assert configured() == (0, [])
        (base / "b.c").write_text("")
        assert configured() == again and configured() == (0, [])
        (base / "b.c").write_text("// other content is ninja's to see")
        assert configured() == (0, [])
        (base / "a.c").unlink()
        assert configured() == again and configured() == (0, [])
        (base / "b.h").write_text("")
        assert configured() == again and configured() == (0, [])
        # One that failed is asked again, whatever was noted by then.
        (base / "bad.c").write_text("")
        assert configured() == (1, again[1]) and configured() == (1, again[1])
        (base / "bad.c").unlink()
        assert configured() == again and configured() == (0, [])


if __name__ == "__main__":
    main()
