#!/usr/bin/env python3
"""Turns the built screen into one assembler file and one C table: `embed_web.py DIST OUT.S OUT.c`.

Every file of DIST stands in the program twice where that pays: as it is, and gzipped. Without DIST the table is
empty and the program says that the screen was not built. Outputs are written only when they change, so that the
build asks every time and does nothing most times; content hashes stand in the .S, so a changed file is seen.
"""
import gzip
import hashlib
import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
SQUEEZED = {".html", ".js", ".css", ".svg", ".json", ".txt", ".webmanifest"}


def write(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main():
    dist, assembler, table = (pathlib.Path(argument).absolute() for argument in sys.argv[1:4])
    packed = assembler.parent / "webui_gzip"
    files = sorted(p for p in dist.rglob("*") if p.is_file() and p.suffix in TYPES) if dist.is_dir() else []
    lines = ['.section .rodata, "a"']
    rows, externs = [], []
    for i, path in enumerate(files):
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        name = "/" + path.relative_to(dist).as_posix()
        immutable = "true" if name.startswith("/assets/") else "false"
        small = gzip.compress(data, 9, mtime=0) if path.suffix in SQUEEZED else data
        squeezed = len(small) < len(data) * 9 // 10
        parts = [("plain", path, len(data))]
        if squeezed:
            packed.mkdir(exist_ok=True)
            target = packed / f"{digest[:32]}.gz"
            if not target.exists():
                target.write_bytes(small)
            parts.append(("gzip", target, len(small)))
        for kind, source, _ in parts:
            label = f"webui_{kind}_{i}"
            externs.append(f"extern const char {label}[];")
            lines += [f"// {digest} {name}", f".global {label}", ".balign 16", f"{label}:", f'.incbin "{source}"']
        plain = f"{{webui_plain_{i}, {len(data)}}}"
        sent = f"{{webui_gzip_{i}, {len(small)}}}" if squeezed else plain
        rows.append(f'    {{SLICE("{name}"), SLICE("{TYPES[path.suffix]}"), SLICE("\\"{digest[:32]}\\""),\n'
                    f"     {sent}, {immutable}, {str(squeezed).lower()}, {plain}}},")
    lines += ['.section .note.GNU-stack, "", %progbits', ""]
    empty = "    {},"  # C wants one row; the count says that there is none
    text = ['// Made by tools/embed_web.py from web/dist.', '#include "webui/webui.h"', *externs,
            "const WebuiFile webui_files[] = {", *(rows or [empty]), "};",
            f"const size_t webui_file_count = {len(rows)};", ""]
    write(assembler, "\n".join(lines))
    write(table, "\n".join(text))


main()
