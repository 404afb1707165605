#!/usr/bin/env python3
"""Style by the numbers: what a machine can check, a reviewer should not have to. See CONTRIBUTING.md."""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FUNCTION_LINES, FILE_LINES, COLUMNS = 70, 800, 100
BANNED = {  # pattern -> what to use instead
    r"\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca)\s*\(": "Slice, snprintf, Text",
    r"\b(atoi|atol|atof|strtod|strtof|strtol|strtoul|strtoll|strtoull|sscanf)\s*\(": "money_parse, decimal_parse, slice_u64",
    r"(?<![.>\w])(time|localtime|gmtime|gettimeofday|rand|random|srand)\s*\(": "cx_now_ms, cx_random: so that runs replay",
    r"\b(system|popen)\s*\(": "nothing: no shell",
    r"\bOR\s+REPLACE\b|\bREPLACE\s+INTO\b": "facts are never replaced",
    r"\b(FIXME|TODO|XXX|HACK)\b": "finish it, or open an issue",
    r"\bgoto\b": "scope guards",
}
ALLOC = r"(?<![.>\w])(malloc|calloc|realloc|strdup|strndup)\s*\("
FLOAT = r"(?<!\w)(double|float)(?!\w)"
FLOAT_ALLOWED = r"^src/(format/(pdf|image)|read/(pdf_|read_pdf)|format/qr/qr_ladder)|_bench\.c$|^bench/"
BANNED_ALLOWED = {  # file -> why it may
    "src/base/world.c": "the one clock and the one source of randomness",
}
NO_TEST_NEEDED = r"(_test|_fuzz|_bench|_main|_fixture)$|^test$"
NOT_EXPORTED = {"main", "LLVMFuzzerTestOneInput", "LLVMFuzzerInitialize",
                "fsync", "fdatasync", "rename", "link", "unlink",  # stand-ins of tests for the system's
                "test_fail", "test_folder"}  # of a fuzz target for the harness, which fixtures call


def c_files() -> list[pathlib.Path]:
    return sorted(p for folder in ("src", "test", "bench") for p in (ROOT / folder).rglob("*.[ch]")
                  if "node_modules" not in p.parts)


def without_texts(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    return re.sub(r'//[^\n]*|"(\\.|[^"\\\n])*"', lambda m: "//" if m[0][0] == "/" else '""', text)


def check_lines(rel: str, text: str) -> list[str]:
    problems = []
    lines = text.splitlines()
    if len(lines) > FILE_LINES:
        problems.append(f"{rel}: {len(lines)} lines, the limit is {FILE_LINES}")
    for number, (line, code) in enumerate(zip(lines, without_texts(text).splitlines()), 1):
        if len(line) > COLUMNS:
            problems.append(f"{rel}:{number}: {len(line)} columns, the limit is {COLUMNS}")
        owned = "// owned:" in line or (number > 1 and "// owned:" in lines[number - 2])
        for pattern, instead in BANNED.items():
            where = line if "REPLACE" in pattern or "FIXME" in pattern else code
            if re.search(pattern, where) and rel not in BANNED_ALLOWED and not rel.endswith(("_test.c", "tidy.py")):
                problems.append(f"{rel}:{number}: banned; use {instead}: {line.strip()}")
        if re.search(ALLOC, code) and not owned and not re.search(r"base/(arena|test)\.c$|_(test|fuzz|fixture)\.c$|^test/|^bench/", rel):
            problems.append(f"{rel}:{number}: an arena, or say who owns it in '// owned: …': {line.strip()}")
        if re.search(FLOAT, code) and not re.search(FLOAT_ALLOWED, rel) and not rel.endswith("_test.c"):
            problems.append(f"{rel}:{number}: banned; use Money or Decimal: {line.strip()}")
    return problems


def check_names(files: list[pathlib.Path]) -> list[str]:
    problems, seen = [], {}
    for path in files:
        rel = str(path.relative_to(ROOT))
        if path.suffix != ".c":
            continue
        if path.name in seen:
            problems.append(f"{rel}: file name also used by {seen[path.name]}")
        seen[path.name] = rel
        if rel.startswith("src/") and not re.search(NO_TEST_NEEDED, path.stem):
            if not path.with_name(path.stem + "_test.c").exists():
                problems.append(f"{rel}: has no {path.stem}_test.c beside it")
    return problems


def check_functions(files: list[pathlib.Path]) -> list[str]:
    problems = []
    tags = subprocess.run(["ctags", "--languages=C", "--kinds-C=f", "--fields=+nef", "--output-format=json",
                           "-f", "-", *map(str, files)], capture_output=True, text=True, check=True).stdout
    for tag in map(json.loads, tags.splitlines()):
        path = pathlib.Path(tag["path"])
        rel, stem, name = path.relative_to(ROOT), path.stem, tag["name"]
        size = tag.get("end", tag["line"]) - tag["line"] + 1
        if size > FUNCTION_LINES:
            problems.append(f"{rel}:{tag['line']}: {name} is {size} lines, the limit is {FUNCTION_LINES}")
        exported = path.suffix == ".c" and not tag.get("file") and name not in NOT_EXPORTED
        if exported and not name.startswith(stem + "_") and name != stem and not name.startswith("TEST"):
            problems.append(f"{rel}:{tag['line']}: exported {name} does not start with '{stem}_'")
    return problems


def self_test() -> list[str]:
    planted = {
        "src/x.c": ["char *p = malloc(3);", "double d;", "strcpy(a, b);", "x = time(NULL);", "// FIXME later",
                    'sql("INSERT OR REPLACE INTO t")', "a" * 101, "goto end;"],
    }
    missed = [line for line in planted["src/x.c"] if not check_lines("src/x.c", line + "\n")]
    clean = check_lines("src/x.c", 'cx_time(now); puts("malloc(");  // owned: x\nint timeout;\n')
    return [f"tidy does not see the planted '{line}'" for line in missed] + [f"tidy errs: {c}" for c in clean]


def main() -> int:
    files = c_files()
    problems = self_test()
    for path in files:
        problems += check_lines(str(path.relative_to(ROOT)), path.read_text())
    problems += check_names(files) + check_functions(files)
    print("\n".join(problems), end="\n" if problems else "")
    print(f"{1 if not problems else 0} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
