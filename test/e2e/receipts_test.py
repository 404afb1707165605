#!/usr/bin/env python3
"""Receipts as people get them: taken out, checked without us, refused when a byte differs; the export recomputed from RFC 6962."""
import base64
import hashlib
import json
import random

import makers
from house import BUILD, FAPIAO, Folder, Serving, invoice_xml, main, run, test

CHECK = BUILD / "fapiao-check"
SEED = 20261121
FILES = 20
LEAF = 154


def made_up() -> list[tuple[str, bytes]]:
    """Files of every sort that there is: some are invoices, some say otherwise under one number, some are none at all."""
    files = [(f"{i}.xml", invoice_xml(f"261120000000000020{i:02d}")) for i in range(12)]
    files += [("carrier.xml", invoice_xml("26112000000000002000", remark="another copy")),
              ("contrary.xml", invoice_xml("26112000000000002001", total="206.00", amount="200.00")),
              ("发票 名.xml", invoice_xml("26112000000000002050")),
              ("empty.ofd", makers.ofd()), ("blank.pdf", makers.pdf(makers.CATALOG, makers.PAGES, makers.PAGE)),
              ("dot.png", makers.png(8, 8, b"\0" * 72)), ("note.txt", b"not an invoice"), ("other.xml", b"<receipt>1.00</receipt>")]
    assert len(files) == FILES and len({content for _, content in files}) == FILES
    return files


def receipt(folder: Folder, reference: str, *options) -> bytes:
    done = run(FAPIAO, "receipt", "--data", folder.data, *options, reference)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def vkeys(folder: Folder) -> list[str]:
    done = run(FAPIAO, "ledger", "vkey", "--data", folder.data)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().split()


def check(folder: Folder, keys: list[str], proof: bytes, content: bytes | None = None) -> tuple[int, str]:
    """What fapiao-check says, in a folder of its own, with nothing else of ours beside it."""
    place = folder.top / "elsewhere"
    place.mkdir(exist_ok=True)
    (place / "r.tlog-proof").write_bytes(proof)
    files = ["r.tlog-proof"]
    if content is not None:
        (place / "original").write_bytes(content)
        files.append("original")
    done = run(CHECK, *[x for key in keys for x in ("--vkey", key)], *files, cwd=place)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def root_of(hashes: list[bytes]) -> bytes:
    """RFC 6962 §2.1, straight from its text."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\1" + root_of(hashes[:k]) + root_of(hashes[k:])).digest()


def entries_of(out) -> list[bytes]:
    """All entries of an export: full bundles in order, then the widest partial one."""
    leaves, n = [], 0
    while True:
        full, partial = out / f"tile/entries/{n:03d}", out / f"tile/entries/{n:03d}.p"
        widest = max((int(p.name) for p in partial.iterdir()), default=0) if partial.is_dir() else 0
        if not full.exists() and not widest:
            return leaves
        bundle = full.read_bytes() if full.exists() else (partial / str(widest)).read_bytes()
        while bundle:
            size = int.from_bytes(bundle[:2], "big")
            assert size == LEAF and len(bundle) >= 2 + size
            leaves.append(bundle[2:2 + size])
            bundle = bundle[2 + size:]
        n += 1


@test
def every_file_has_a_receipt_that_holds_with_no_server_and_no_folder():
    with Folder() as folder:
        place = folder.top / "in"
        place.mkdir()
        for name, content in made_up():
            (place / name).write_bytes(content)
        lines = folder.import_(place)
        assert len(lines) == FILES and all(line["reference"] for line in lines), lines
        assert {line["state"] for line in lines} == {"accepted", "conflict", "quarantined"}, lines
        keys = vkeys(folder)
        contents = {hashlib.sha256(content).hexdigest(): content for _, content in made_up()}
        for line in lines:
            proof = receipt(folder, line["reference"])
            # The first line of `ledger vkey` is enough; the second may be given, too.
            for given in (keys[:1], keys):
                code, said = check(folder, given, proof, contents[line["sha256"]])
                assert code == 0 and line["reference"] in said, (line, said)
            sm2 = receipt(folder, line["reference"], "--sm2")
            assert check(folder, keys, sm2)[0] == 0 and check(folder, keys[:1], sm2)[0] == 1
            outcome = receipt(folder, line["reference"], "--which", "outcome")
            code, said = check(folder, keys, outcome)
            assert code == 0, (line, said)
            public = receipt(folder, line["reference"], "--public")
            assert check(folder, keys, public)[0] == 0 and check(folder, keys, public, contents[line["sha256"]])[0] == 1
            assert line["reference"].encode() not in base64.b64decode(public.split(b"\n")[1][6:])


@test
def one_byte_of_receipt_or_file_and_it_is_refused():
    with Folder() as folder:
        file = folder.top / "a.xml"
        content = invoice_xml("26112000000000002077")
        file.write_bytes(content)
        reference = folder.import_(file)[0]["reference"]
        keys, proof, promise = vkeys(folder), receipt(folder, reference, "--sm2"), receipt(folder, reference, "--promise")
        assert check(folder, keys, proof, content)[0] == 0 and check(folder, keys, promise, content)[0] == 0
        print(f"seed {SEED}")
        chance = random.Random(SEED)
        for whole in (proof, promise):
            for at in chance.sample(range(len(whole)), 60):
                changed = whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(7)]) + whole[at + 1:]
                assert check(folder, keys, changed, content)[0] == 1, (at, changed)
        for at in chance.sample(range(len(content)), 10):
            assert check(folder, keys, proof, content[:at] + bytes([content[at] ^ 1]) + content[at + 1:])[0] == 1, at
        with Folder() as other:
            other.import_(file)
            assert check(folder, vkeys(other), proof, content)[0] == 1  # another ledger's keys


@test
def the_export_is_the_tree_of_the_checkpoint_and_grows_without_rewriting():
    with Folder() as folder:
        out, file = folder.top / "out", folder.top / "a.xml"
        sizes = []
        for batch in (range(0, 3), range(3, 130)):
            place = folder.top / f"in{batch.start}"
            place.mkdir()
            for i in batch:
                (place / f"{i}.xml").write_bytes(invoice_xml(f"26112000000000003{i:03d}"))
            folder.import_(place)
            before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in out.glob("tile/**/*") if p.is_file()}
            done = run(FAPIAO, "ledger", "export", "--data", folder.data, "--out", out)
            assert done.returncode == 0, done.stderr.decode()
            for path, then in before.items():
                assert (path.stat().st_mtime_ns, path.read_bytes()) == then, path
            origin, size, root = (out / "checkpoint").read_text().split("\n")[:3]
            leaves = entries_of(out)
            hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
            assert len(leaves) == int(size) and base64.b64encode(root_of(hashes)).decode() == root, (size, len(leaves))
            assert (out / "checkpoint").read_bytes() == run(FAPIAO, "ledger", "head", "--data", folder.data).stdout
            sizes.append(int(size))
        assert sizes == [6, 260], sizes
        assert (out / "tile/0/000").read_bytes() == b"".join(hashes[:256])
        assert (out / "tile/0/001.p/4").read_bytes() == b"".join(hashes[256:])
        assert (out / "tile/1/000.p/1").read_bytes() == root_of(hashes[:256])
        file.write_bytes(invoice_xml("26112000000000003999"))
        with Folder() as other:
            other.import_(file)
            done = run(FAPIAO, "ledger", "export", "--data", other.data, "--out", out)
            assert done.returncode == 1 and b"another log" in done.stderr, done.stderr


@test
def a_running_server_promises_at_once_and_proves_when_asked_to_wait():
    with Folder() as folder, Serving(folder.data) as server:
        content = invoice_xml("26112000000000002088")
        status, document = server.upload("a.xml", content, query="?wait=proof")
        place, keys = document["ledger"], vkeys(folder)
        assert status == 201 and place["index"] == 1, document  # behind the rows of the first organisations
        assert check(folder, keys, place["promise"].encode(), content)[0] == 0
        status, headers, proof = server.request("GET", place["receipt"])
        assert status == 200 and headers["Content-Disposition"].endswith(f'"{document["reference"]}.tlog-proof"'), headers
        assert check(folder, keys, proof, content)[0] == 0
        status, _, waited = server.request("GET", place["receipt"] + "?which=outcome&wait=proof&form=public")
        assert status == 200 and check(folder, keys, waited)[0] == 0
        assert check(folder, keys, receipt(folder, document["reference"], "--wait", "10"), content)[0] == 0  # beside the server
        ledger = server.get("/api/v1/ledger")
        assert ledger["vkeys"] == keys and ledger["size"] == 3 and ledger["age_seconds"] < 60, ledger
        out = folder.top / "out"
        assert run(FAPIAO, "ledger", "export", "--data", folder.data, "--out", out).returncode == 0
        for name in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"):
            status, _, body = server.request("GET", f"/api/v1/ledger/{name}")
            assert status == 200 and body == (out / name).read_bytes(), name
        for name in ("tile/entries/000.p/4", "tile/0/000", "tile/0/../0", "tile/9/000"):
            assert server.request("GET", f"/api/v1/ledger/{name}")[0] == 404, name
        status, headers, picture = server.request("GET", f"{place['receipt']}.svg")
        assert status == 200 and headers["Content-Type"] == "image/svg+xml" and headers["Fapiao-Qr"] == "receipt", headers
        assert picture.startswith(b"<svg ") and b"script" not in picture
        assert json.loads(server.request("GET", place["receipt"] + "?which=all")[2])["errors"][0]["field"] == "which"


main()
