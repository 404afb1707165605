#!/usr/bin/env python3
"""The ledger as a stranger sees it: fapiao-check by hand, and checkers in Go and Python that share no code with us.

They are fed a log made by ledger_grow, which links ledger/ alone, and that of a data folder. FAPIAO_PROOFS changes how many proofs there are; the
seed of the changed ones is printed, and FAPIAO_FUZZ_SEED repeats it.
"""
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

from house import BUILD, FAPIAO, ROOT, Folder, Serving, Skip, invoice_xml, main, run, test

CHECK, GROW = BUILD / "fapiao-check", BUILD / "ledger_grow"
COUNT = int(os.environ.get("FAPIAO_PROOFS", "10000"))
SEED = int(os.environ.get("FAPIAO_FUZZ_SEED", random.randrange(1, 2**31)))
_folders: dict = {}


def grown(leaves: int) -> pathlib.Path:
    """A log of that many leaves, made once."""
    if leaves not in _folders:
        if not GROW.exists():
            run("ninja", "-C", BUILD, "ledger_grow")
        top = tempfile.TemporaryDirectory(prefix="fapiao-ledger-")
        done = run(GROW, top.name, leaves)
        assert done.returncode == 0, done.stderr
        _folders[leaves] = top
    return pathlib.Path(_folders[leaves].name)


def go_checker() -> pathlib.Path:
    """check.go, compiled with Debian's Go and Debian's golang.org/x/mod: no network."""
    if shutil.which("go") is None or not pathlib.Path("/usr/share/gocode/src/golang.org/x/mod").is_dir():
        raise Skip("no golang-go with golang-golang-x-mod-dev: the checker in Go was not run")
    made = BUILD / "ledger_check_go"
    env = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(BUILD / "go-cache"), "GOFLAGS": ""}
    done = run("go", "build", "-o", made, ROOT / "test/ledger/check.go", env=env)
    assert done.returncode == 0, done.stderr.decode()
    return made


def checked(checker: list, folder: pathlib.Path, *options) -> tuple[int, str]:
    done = run(*checker, "--folder", folder, "--vkeys", folder / "vkeys", *options, timeout=900)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def feed(checker: list) -> None:
    """10,000 proofs and 10,000 changed ones; then a log with one byte changed, which must be seen."""
    print(f"seed {SEED}")
    folder = grown(COUNT)
    code, said = checked(checker, folder, "--mutate", COUNT, "--seed", SEED, folder / "proofs", folder / "promises")
    assert code == 0 and f"\n{COUNT + 7} accepted, 0 rejected\n" in said, said[-3000:]
    assert f": 0 accepted, {COUNT} rejected" in said and re.search(r"\b[89] checkpoints", said), said[-3000:]
    small = grown(600)
    for name in ("tile/0/001", "tile/entries/001", "tile/1/000.p/2", "tile/0/002.p/88", "checkpoint", "checkpoints/257", "consistency/257-300"):
        data = bytearray((small / name).read_bytes())
        data[40] ^= 1
        with tempfile.TemporaryDirectory(prefix="fapiao-ledger-") as top:
            copy = pathlib.Path(top, "log")
            shutil.copytree(small, copy)
            (copy / name).write_bytes(data)
            code, said = checked(checker, copy, copy / "proofs")
            assert code != 0, (name, said)


@test
def ten_thousand_proofs_hold_for_go_and_none_that_was_changed():
    feed([go_checker()])


@test
def ten_thousand_proofs_hold_for_the_rfc_in_python_and_none_that_was_changed():
    feed([sys.executable, ROOT / "test/ledger/check.py"])


def export(folder: Folder, out: pathlib.Path) -> None:
    """The log as files, and its head kept under its size."""
    done = run(FAPIAO, "ledger", "export", "--data", folder.data, "--out", out)
    assert done.returncode == 0, done.stderr.decode()
    head = (out / "checkpoint").read_bytes()
    (out / "checkpoints").mkdir(exist_ok=True)
    (out / "checkpoints" / head.split(b"\n")[1].decode()).write_bytes(head)


def take_receipts(folder: Folder, lines: list[dict], out: pathlib.Path) -> int:
    """What was received and what was decided of each; of every hundredth the public one and the promise, too. Answers how many."""
    count = 0
    with Serving(folder.data) as server:
        begun = time.monotonic()
        for at, line in enumerate(lines):
            for name in ["which=received", "which=outcome"] + (["form=public", "form=promise"] if at % 100 == 0 else []):
                while True:
                    status, _, body = server.request("GET", f"/api/v1/documents/{line['reference']}/receipt?{name}")
                    if status == 200 or time.monotonic() - begun > 300:
                        break
                    time.sleep(0.05)  # no checkpoint covers it yet
                assert status == 200, (line, name, status, body)
                (out / f"{line['reference']}-{name[name.index('=') + 1:]}.tlog-proof").write_bytes(body)
                count += 1
    return count


@test
def receipts_of_a_data_folder_hold_for_all_three_checkers():
    """In two parts, so that there are receipts under two heads and a step between them."""
    half, count = COUNT // 4, 0
    with Folder() as folder:
        out, proofs = folder.top / "log", folder.top / "proofs"
        for place in (out, proofs):
            place.mkdir()
        lines = []
        for part in range(2):
            inbox = folder.top / f"inbox{part}"
            inbox.mkdir()
            for i in range(half):
                number = part * half + i
                (inbox / f"{number}.xml").write_bytes(invoice_xml(f"26112000000001{number:06d}"))
            some = folder.import_(inbox)
            assert len(some) == half and all(line["state"] == "accepted" for line in some), some[:3]
            count += take_receipts(folder, some, proofs)
            export(folder, out)
            lines += some
        (out / "vkeys").write_bytes(run(FAPIAO, "ledger", "vkey", "--data", folder.data).stdout)
        assert len(list((out / "checkpoints").iterdir())) == 2 and count >= COUNT
        for checker in (lambda: [sys.executable, ROOT / "test/ledger/check.py"], lambda: [go_checker()]):
            code, said = checked(checker(), out, "--mutate", 1000, "--seed", SEED, proofs)
            assert code == 0 and f"\n{count} accepted, 0 rejected\n" in said and ": 0 accepted, 1000 rejected" in said, said[-3000:]
            # The first server founds the organisations: their rows are bound by one event.
            assert f"{4 * half + 1} entries" in said and "2 checkpoints" in said, said
        for line in lines[:: max(1, len(lines) // 20)]:
            name, keys = f"{proofs}/{line['reference']}", ["--vkey", f"@{out}/vkeys"]
            done = run(CHECK, *keys, f"{name}-received.tlog-proof", line["file"])
            said = done.stdout.decode()
            assert done.returncode == 0 and f" {line['reference']} · " in said and "file matches (SHA-256, SM3)" in said, done
            done = run(CHECK, *keys, f"{name}-outcome.tlog-proof", line["file"])
            assert done.returncode == 1 and "凭据没有写明文件" in done.stdout.decode(), done
            assert run(CHECK, *keys, f"{name}-outcome.tlog-proof").returncode == 0
            changed = bytearray(pathlib.Path(line["file"]).read_bytes())
            changed[len(changed) // 2] ^= 1
            (folder.top / "changed").write_bytes(changed)
            assert run(CHECK, *keys, f"{name}-received.tlog-proof", folder.top / "changed").returncode == 1


@test
def fapiao_check_needs_nothing_but_libcrypto_and_libc():
    said = run("readelf", "-d", CHECK).stdout.decode()
    needed = set(re.findall(r"NEEDED.*\[(.*?)\]", said))
    # The loader itself stands there for thread-local variables. A sanitizer's libraries are not ours to count.
    allowed = r"(libcrypto|libc)\.so|ld-linux" + (r"|libm\.so|libgcc_s|lib[a-z]*san" if b"__asan_init" in CHECK.read_bytes() else "")
    assert all(re.match(allowed, n) for n in needed) and any(n.startswith("libcrypto") for n in needed), needed


@test
def fapiao_check_by_hand():
    folder = grown(600)
    keys, proof = folder / "vkeys", folder / "proofs/301.tlog-proof"
    with tempfile.TemporaryDirectory(prefix="fapiao-ledger-") as top:
        document, other = pathlib.Path(top, "a.ofd"), pathlib.Path(top, "b.ofd")
        document.write_bytes(b"document 301\n")
        other.write_bytes(b"document 302\n")
        done = run(CHECK, "--vkey", f"@{keys}", proof, document)
        assert done.returncode == 0 and done.stdout.decode() == (
            "有效 ok: R-2026-000302 · 2026-11-22T09:12:00+08:00 · log log.example/demo index 301 of 600 · 1 witness · "
            "file matches (SHA-256, SM3)\n"), done
        done = run(CHECK, "--vkey", f"@{keys}", proof, other)
        assert done.returncode == 1 and done.stdout.decode().startswith("无效 invalid: 文件不是凭据所记的那个: "), done
        done = run(CHECK, proof)
        assert done.returncode == 2 and not done.stdout and b"usage" in done.stderr, done
        with open("/dev/full", "wb") as full:
            assert subprocess.run([CHECK, "--vkey", f"@{keys}", proof], stdout=full).returncode == 1
        good = proof.read_bytes()
        bad = pathlib.Path(top, "bad.tlog-proof")
        chance = random.Random(SEED)
        print(f"seed {SEED}")
        for at in range(0, len(good), 7):  # every byte and every bit: check_test.c
            changed = bytearray(good)
            changed[at] ^= 1 << chance.randrange(8)
            bad.write_bytes(changed)
            done = run(CHECK, "--vkey", f"@{keys}", bad, document)
            assert done.returncode == 1 and done.stdout.count(b"\n") == 1, (at, done)


@test
def the_benchmark_of_the_core_still_runs():
    """No figure is asked for, only that each part does something."""
    if not (BUILD / "bench_ledger").exists():
        run("ninja", "-C", BUILD, "bench_ledger")
    done = run(BUILD / "bench_ledger", "0")
    figures = json.loads(done.stdout)
    assert len(figures) == 4 and all(f > 0 for f in figures.values()), figures


if __name__ == "__main__":
    main()
