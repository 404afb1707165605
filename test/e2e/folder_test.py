#!/usr/bin/env python3
"""A data folder in strange hands tells nothing: no bytes of what it keeps, in no file of it, not after kill -9 either; and without its key
nobody starts on it, nor is a new key put in the old one's place."""
import base64
import os
import pathlib
import shutil
import signal
import subprocess

from house import FAPIAO, Folder, Serving, invoice_xml, main, run, test
from peers import eventually

SELLER, REMARK = "甲乙丙贸易有限公司", "联系 li.wei@example.com 13800138000"
HEADS = [b"%PDF-", b"PK\x03\x04", b"SQLite format 3", b"<?xml", b"\x89PNG", b"\xff\xd8\xff", b"<EInvoice", b"\xd0\xcf\x11\xe0", b"{", b"OFD"]
ANYWHERE = [b"SQLite format 3", b"%PDF-1.", b"<?xml version", b"\x89PNG\r\n\x1a\n", b"CREATE TABLE", b"</EInvoice>", b"\"invoice_number\""]


def number(i: int) -> str:
    return f"261120000000000{80000 + 41 * i}"


def unwrapped(folder: Folder) -> dict[str, bytes]:
    """The folder's keys, as who holds the key file unwraps them. GCM without its tag is CTR from 2 on."""
    kek = (folder.top / "data.key").read_text().split()[1]
    keys = {"kek": bytes.fromhex(kek)}
    for line in (folder.data / "keys").read_text().split("\n")[1:-1]:
        name, wrapped = line.split(" ")
        sealed = folder.top / "sealed"
        sealed.write_bytes(bytes.fromhex(wrapped)[12:-16])
        done = run("openssl", "enc", "-d", "-aes-256-ctr", "-K", kek, "-iv", wrapped[:24] + "00000002", "-in", sealed)
        assert done.returncode == 0 and len(done.stdout) == 32, done
        keys[name] = done.stdout
    assert set(keys) == {"kek", "page", "data", "tag", "log"}, keys.keys()
    return keys


def secrets(folder: Folder, texts: set[str]) -> set[bytes]:
    found = set()
    for text in texts:
        # What is shorter stands in random bytes by chance.
        found |= {form for form in (text.encode(), text.encode("gbk", "ignore"), text.encode("utf-16-le")) if len(form) >= 6}
    for key in unwrapped(folder).values():
        found |= {key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key).rstrip(b"=")}
    return found | set(ANYWHERE)


def told(places: list[pathlib.Path], wanted: set[bytes]) -> list[str]:
    """What of it lies in the files there."""
    found, count = [], 0
    for path in (p for place in places for p in sorted(place.rglob("*")) if p.is_file()):
        count += 1
        content = path.read_bytes()
        found += [f"{path.name}: {secret[:40]!r}" for secret in wanted if secret in content or secret in path.name.encode()]
        found += [f"{path.name} begins with {head!r}" for head in HEADS if content.startswith(head)]
        if path.parent.name == "segments":
            # Records: "FPR1", size, sealed bytes.
            at = content.find(b"FPR1")
            while at >= 0 and at + 8 < len(content):
                found += [f"{path.name}: a record begins with {head!r}" for head in HEADS if len(head) > 3 and content[at + 8:].startswith(head)]
                at = content.find(b"FPR1", at + 4)
    assert count >= 6, count
    return found


def texts_of(server: Serving) -> set[str]:
    """All that the API says of the invoices that are kept."""
    texts, items = set(), server.get("/api/v1/invoices?limit=50")["items"]

    def take(value) -> None:
        if isinstance(value, dict):
            for part in value.values():
                take(part)
        elif isinstance(value, list):
            for part in value:
                take(part)
        elif isinstance(value, str) and (len(value) >= 8 or not value.isascii()):
            texts.add(value)

    for item in items:
        draft = server.get(f"/api/v1/invoices/{item['id']}")["draft"]
        take({k: v for k, v in draft.items() if k not in ("source", "format")})
    assert len(items) >= 5, items
    # Words of our own that a program's file may hold.
    return {t for t in texts if t not in ("electronic_ordinary", "electronic_special") and not t.startswith("fapiao")}


def upload_half(server: Serving, content: bytes) -> None:
    status, headers, _ = server.request("POST", "/api/v1/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
                                        Upload_Metadata="filename " + base64.b64encode("机密.xml".encode()).decode())
    assert status == 201, status
    path = headers["Location"].split("/api/", 1)[1]
    status, _, _ = server.request("PATCH", "/api/" + path, content[:len(content) // 2], Tus_Resumable="1.0.0", Upload_Offset="0",
                                  Content_Type="application/offset+octet-stream")
    assert status == 204, status


@test
def after_the_demo_and_after_a_kill_nothing_of_it_can_be_read_in_any_file():
    with Folder() as folder:
        temporary = folder.top / "tmp"
        temporary.mkdir()
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = str(temporary)
        try:
            with Serving(folder.data, "--demo") as server:
                eventually(lambda: len(server.get("/api/v1/invoices?limit=50")["items"]) >= 5, "the demo is there")
                texts = texts_of(server)
                assert any(not t.isascii() for t in texts) and any(t.isdigit() for t in texts), texts
                assert told([folder.data, temporary], secrets(folder, texts)) == []
                mine = [invoice_xml(number(i), seller=SELLER, remark=REMARK, total=f"{123456 + i}.78", amount=f"{123450 + i}.78") for i in range(40)]
                for i, content in enumerate(mine):
                    query = "?wait=outcome" if i < 20 else ""
                    assert server.upload(f"发票-{i}.xml", content, query)[0] in (201, 202), i
                upload_half(server, mine[0] * 50)
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()
                assert (folder.data / "fapiao.db-wal").stat().st_size > 0
                texts |= {SELLER, REMARK, "li.wei@example.com", "13800138000", "发票-", "机密.xml"}
                texts |= {n for i in range(40) for n in (number(i), f"{123456 + i}.78", f"{123450 + i}.78")}
                wanted = secrets(folder, texts)
                assert len(wanted) > 300, len(wanted)
                assert told([folder.data, temporary], wanted) == []
        finally:
            if before is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = before
        # What is there is found: in a file's bytes, its name, its head.
        (folder.data / "note").write_bytes(b"\0\0" + number(7).encode() + b"\0")
        (folder.data / "segments" / number(8)).write_bytes(unwrapped(folder)["page"])
        (folder.data / "uploads" / "x").write_bytes(b"%PDF-1.7")
        assert len(told([folder.data], wanted)) >= 4


def started(data: pathlib.Path) -> str:
    """What a server says that does not start."""
    done = subprocess.run([FAPIAO, "serve", "--data", data, "--listen", "127.0.0.1:0"], capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=60)
    assert done.returncode == 1, done
    return done.stderr.decode()


@test
def a_copy_without_its_key_or_with_another_one_is_not_started_on():
    with Folder() as folder:
        file = folder.top / "a.xml"
        file.write_bytes(invoice_xml(number(0)))
        line = folder.import_(file)[0]
        copy, key = folder.top / "elsewhere", folder.top / "elsewhere.key"
        shutil.copytree(folder.data, copy)
        lies = {p.name: p.read_bytes() for p in copy.rglob("*") if p.is_file() and p.name != "lock"}
        said = started(copy)
        assert f"the key file '{key}' of this data folder is gone; put it back" in said, said
        assert not key.exists()
        key.write_text("fapiao-key-1 " + "5" * 64 + "\n")
        key.chmod(0o600)
        assert "the key file is not the one that this data folder was made with" in started(copy)
        shutil.copy(folder.top / "data.key", key)
        key.chmod(0o644)
        assert "others than the owner may read" in started(copy)
        assert {p.name: p.read_bytes() for p in copy.rglob("*") if p.is_file() and p.name != "lock"} == lies
        key.chmod(0o600)
        done = run(FAPIAO, "original", "--data", copy, line["reference"])
        assert done.returncode == 0 and done.stdout == file.read_bytes(), done


@test
def keys_change_under_a_running_server_and_offline_and_all_that_was_kept_is_there():
    with Folder() as folder:
        key = folder.top / "data.key"
        with Serving(folder.data) as server:
            kept = {server.upload(f"{i}.xml", invoice_xml(number(i)))[1]["reference"]: invoice_xml(number(i)) for i in range(5)}
            old = key.read_bytes()
            done = run(FAPIAO, "key", "rotate", "--data", folder.data)
            assert done.returncode == 0 and str(key) in done.stderr.decode(), done
            assert key.read_bytes() != old and key.stat().st_mode & 0o777 == 0o600
            status, more = server.upload("5.xml", invoice_xml(number(5)))
            assert status == 201
            kept[more["reference"]] = invoice_xml(number(5))
            done = run(FAPIAO, "key", "rotate-pages", "--data", folder.data)
            assert done.returncode == 1 and "another process" in done.stderr.decode(), done
        assert run(FAPIAO, "key", "rotate-pages", "--data", folder.data).returncode == 0
        audited = run(FAPIAO, "audit", "--data", folder.data)
        assert audited.returncode == 0, audited.stdout.decode() + audited.stderr.decode()
        with Serving(folder.data) as server:
            for reference, content in kept.items():
                assert server.request("GET", f"/api/v1/documents/{reference}/original")[2] == content
            assert len(server.get("/api/v1/invoices?limit=50")["items"]) == 6
        new = key.read_bytes()
        key.write_bytes(old)
        assert "the key file is not the one" in started(folder.data)
        key.write_bytes(new)
        assert [p.name for p in folder.top.iterdir() if p.name.startswith("data.")] == ["data.key"]


main()
