#!/usr/bin/env python3
"""Turns the schema's SQL files into one C table: `embed_sql.py OUTPUT.c FILE.sql…` (names keep their order)."""
import pathlib
import sys

out = ['#include "store/schema.h"', "", "const SchemaPart SCHEMA_PARTS[] = {"]
for path in sorted(map(pathlib.Path, sys.argv[2:]), key=lambda p: p.name):
    out.append(f'    {{"{path.stem}",')
    for line in path.read_text(encoding="utf-8").splitlines():
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        out.append(f'     "{escaped}\\n"')
    out.append("    },")
out += ["};", "const size_t SCHEMA_PART_COUNT = sizeof SCHEMA_PARTS / sizeof SCHEMA_PARTS[0];", ""]
pathlib.Path(sys.argv[1]).write_text("\n".join(out), encoding="utf-8")
