#!/usr/bin/env python3
"""Fails when a module includes one that tools/layers.txt does not allow, or when modules include each other in a circle.

A module is the longest folder under src/ that has a line in layers.txt. Headers of databases are legal inside
store/<engine>/ alone, those of OpenSSL inside crypto/ and the TLS part of http/.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENCED = {  # library header -> files that may include it
    r"sqlite3\.h|libpq-fe\.h": r"^store/(sqlite|postgres)/",
    r"openssl/": r"^crypto/|^http/server_(tls|self)|^read/seal_\w+_(test|fixture)|_fixture\.c$",
    r"argon2|liboath/": r"^crypto/",
    r"poppler": r"^format/pdf/|_test\.c$|_fixture\.c$",
    r"cairo": r"^format/pdf/|^format/image/image_draw\.c$|_test\.c$|_fixture\.c$",
    r"zbar|leptonica": r"^format/image/|^desk/(invoice/receipt|people/account)/\w+_test\.c$",
    r"event2/|evhttp": r"^http/",
    r"qrencode": r"^desk/invoice/receipt/|^desk/people/account/account_qr\.c$|_test\.c$|_fixture\.c$",
    r"curl/": r"^cli/client|^net/(fetch|smtp)",
    r"seccomp|linux/landlock": r"^sandbox/",
    r"expat": r"^format/xml/",
    r"^zip\.h": r"^format/zip/",
}


def read_layers(text: str) -> tuple[dict[str, set[str]], list[str]]:
    allowed: dict[str, set[str]] = {}
    problems = []
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        module, _, names = line.partition(":")
        below = set(allowed) if names.strip() == "*" else set(names.split())
        if unknown := below - set(allowed):
            problems.append(f"layers.txt: {module} names {sorted(unknown)}, which is not above it")
        allowed[module] = below
    return allowed, problems


def module_of(path: str, allowed: dict[str, set[str]]) -> str | None:
    """path is relative to src/; the longest module that is a folder of it."""
    parts = path.split("/")[:-1]
    for size in range(len(parts), 0, -1):
        if (name := "/".join(parts[:size])) in allowed:
            return name
    return None


def check(files: dict[str, str], allowed: dict[str, set[str]]) -> list[str]:
    problems = []
    for path, text in files.items():
        module = module_of(path, allowed)
        if module is None:
            problems.append(f"src/{path}: its folder has no line in tools/layers.txt")
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if match := re.match(r'\s*#\s*include\s+"([^"]+)"', line):
                target = module_of(match[1], allowed)
                if target is not None and target != module and target not in allowed[module]:
                    problems.append(f"src/{path}:{number}: {module}/ may not include {target}/")
            elif match := re.match(r"\s*#\s*include\s+<([^>]+)>", line):
                for header, where in FENCED.items():
                    if re.match(header, match[1]) and not re.search(where, path):
                        problems.append(f"src/{path}:{number}: <{match[1]}> may not be included here")
    return problems


def self_test() -> list[str]:
    allowed, _ = read_layers("base:\nmodel: base\nformat/json: base\n")
    planted = {"base/a.c": '#include "model/b.h"\n', "model/c.c": "#include <sqlite3.h>\n",
               "model/d.c": '#include "format/json/x.h"\n', "odd/e.c": ""}
    found = check(planted, allowed)
    return [] if len(found) == 4 else [f"check_layers does not see planted faults: {found}"]


def main() -> int:
    allowed, problems = read_layers((ROOT / "tools/layers.txt").read_text())
    src = ROOT / "src"
    files = {str(p.relative_to(src)): p.read_text() for p in sorted(src.rglob("*.[ch]"))}
    problems += self_test() + check(files, allowed)
    print("\n".join(problems), end="\n" if problems else "")
    print(f"{0 if problems else 1} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
