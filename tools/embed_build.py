#!/usr/bin/env python3
"""Names a build: `embed_build.py OUTPUT.c FILE…` writes JOB_VERSION with a hash over these sources.

By content, not by date or path: the same sources built twice, anywhere, have the same name.
"""
import hashlib
import pathlib
import sys

total = hashlib.sha256()
for path in sorted(map(pathlib.Path, sys.argv[2:]), key=lambda p: p.name):
    total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
pathlib.Path(sys.argv[1]).write_text(f"""#include "base/version.h"
#include "model/wire.h"
#include "sandbox/job.h"

const char JOB_VERSION[] = VERSION_TEXT " " WIRE_VERSION " {total.hexdigest()[:16]}";
_Static_assert(sizeof JOB_VERSION <= JOB_VERSION_SIZE, "a longer name does not fit in a hello");
""", encoding="utf-8")
