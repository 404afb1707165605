#!/usr/bin/env python3
"""A document's content is erased by two persons: nothing of it can be had any more, and that it was there is proved still."""
import base64
import json
import os
import pathlib
import re
import shutil
import signal
import urllib.error
import urllib.request

import makers
from house import BUILD, FAPIAO, Folder, Serving, invoice_xml, main, run, test
from peers import Certificate, Mirror, eventually, free_port, vkeys_of

NUMBERS = ("26112000000000077001", "26112000000000077002")


def fapiao(folder: Folder, *words, good: bool = True) -> str:
    done = run(FAPIAO, *words, "--data", folder.data)
    assert (done.returncode == 0) == good, (words, done.stdout.decode(), done.stderr.decode())
    return done.stdout.decode() if good else done.stderr.decode()


def call(server: Serving, method: str, path: str, body=None, token: str = "") -> tuple[int, dict]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", method=method, headers=headers,
                                     data=None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.loads(refusal.read() or b"{}")


@test
def two_persons_erase_one_document():
    """Asked by one, confirmed by another: gone from list, search, verification and original; audit good; the receipt verifies."""
    with Folder() as folder:
        files = []
        for i, number in enumerate(NUMBERS):
            file = folder.top / f"{i}.xml"
            file.write_bytes(invoice_xml(number))
            files.append(file)
        # Lines come as each is decided, in any order.
        found = {line["file"]: line["reference"] for line in folder.import_(*files)}
        gone, stays = (found[str(file)] for file in files)
        with Serving(folder.data) as server:
            before = fapiao(folder, "receipt", gone)
            fapiao(folder, "user", "add", "zhang", "--role", "person", "--organisation", "local")
            out = fapiao(folder, "user", "token", "zhang", "--name", "t", "--acts", "ask_erasure,read_erasures", "--days", "1")
            token = next(word for word in out.replace('"', " ").split() if word.startswith("fp_"))

            status, asked = call(server, "POST", "/api/v1/erasures", {"reference": gone, "reason": "dislike"}, token)
            assert status == 400, asked
            status, kept = call(server, "POST", "/api/v1/erasures", {"reference": gone, "reason": "personal_data"}, token)
            assert status == 409 and "kept until the end of" in kept["detail_en"], kept
            status, asked = call(server, "POST", "/api/v1/erasures", {"reference": gone, "reason": "wrong_upload"}, token)
            assert status == 201 and asked["state"] == "asked", asked
            assert call(server, "POST", "/api/v1/erasures", {"reference": gone, "reason": "wrong_upload"}, token)[0] == 409
            # Who asked has not the right to confirm; the local administrator who asks can't either.
            assert call(server, "POST", f"/api/v1/erasures/{asked['id']}/confirmation", {}, token)[0] == 403
            own = json.loads(fapiao(folder, "erase", "ask", stays, "--reason", "wrong_upload"))
            assert "second person" in fapiao(folder, "erase", "confirm", own["id"], good=False)

            done = json.loads(fapiao(folder, "erase", "confirm", asked["id"]))
            assert done["state"] == "confirmed" and done["decided_by"] == "local", done
            assert "confirmed" in fapiao(folder, "erase", "confirm", asked["id"], good=False)
            assert {item["state"] for item in call(server, "GET", "/api/v1/erasures", None, token)[1]["items"]} == {"asked", "confirmed"}

            status, document = call(server, "GET", f"/api/v1/documents/{gone}")
            assert (status, document["state"], document["file_name"], document["invoices"]) == (200, "erased", "", []), document
            status, original = call(server, "GET", f"/api/v1/documents/{gone}/original")
            assert status == 404 and "erased" in original["detail_en"], original
            listed = json.dumps(call(server, "GET", "/api/v1/invoices")[1])
            assert NUMBERS[0] not in listed and NUMBERS[1] in listed, listed
            # The same bytes may come again, and are then a document like any other.
            again = folder.import_(files[0])[0]
            assert again["state"] == "accepted" and again["reference"] not in (gone, stays), again
        assert "fapiao" in before and "tlog-proof" in fapiao(folder, "receipt", gone)
        assert folder.original(stays) == files[1].read_bytes()
        audit = run(FAPIAO, "audit", "--data", folder.data, "--json")
        report = json.loads(audit.stdout)
        assert audit.returncode == 0 and report["ok"] and report["erased"] == 2, report
        assert run(FAPIAO, "rebuild", "--data", folder.data).returncode == 0
        again = run(FAPIAO, "audit", "--data", folder.data, "--json")
        assert again.returncode == 0, again.stdout.decode()


# ---- the whole path: what is left of it anywhere, for whoever has all keys that are left ----

SECRET, SELLER, BUYER, MAIL = "26112000000073214659", "琉璃厂烟雨斋古籍有限公司", "望江楼听涛书院", "qiu.wanting@liulichang.example"
TOTAL, AMOUNT, TAX = "7321465098.71", "6907042545.95", "414422552.76"
NAME = "秋晚亭来信.xml"
ERASED, EVENTS = 6, 8  # documents: the file, again, in the zip, the zip, the second; one invoice. Events: received five times, unpacked, accepted, carrier
LINES = 400
OTHERS = 120  # invoices before it and among its files: pages of every table split meanwhile


def secret_xml(note: str) -> bytes:
    """So long that pages of its own hold it: what a change of it leaves behind are whole pages, too."""
    xml = invoice_xml(SECRET, total=TOTAL, amount=AMOUNT, tax=TAX, date="2026-02-13", seller=SELLER, buyer=BUYER,
                      remark=f"{note} {MAIL} " + "烟雨斋藏" * 200).decode()
    line = re.search(r"<IssuItemInformation>.*?</IssuItemInformation>", xml, re.S)[0]
    return xml.replace(line, "".join(line.replace("*餐饮服务*餐费", f"*印刷品*宋刻残叶{i}") for i in range(LINES))).encode()


def needles() -> dict[str, set[bytes]]:
    """What the invoice says, in the forms in which it could lie there. Amounts are stored as big-endian numbers of fen."""
    words = {"number": SECRET, "its end": SECRET[-9:], "mail": MAIL, "file": NAME, "remark": "烟雨斋藏" * 3, "line": "宋刻残叶", "seller": SELLER[:6], "seller's end": SELLER[6:],
             "buyer": BUYER, "total": TOTAL, "amount": AMOUNT, "tax": TAX}
    found = {name: {word.encode(), word.encode("gbk"), word.encode("utf-16-le"), word.encode("utf-16-be")} for name, word in words.items()}
    for name in ("total", "amount", "tax"):
        fen = int(words[name].replace(".", ""))
        found[name] |= {fen.to_bytes(6, order) for order in ("big", "little")} | {str(fen).encode()}
    return found


class Bare:
    """All bytes of a folder: as they lie there, and what whoever has its keys can make of them."""

    def __init__(self, folder: Folder, data: pathlib.Path, *also: pathlib.Path):
        copy, out = folder.top / "bare", folder.top / "bare-out"
        self.raw = {str(path): path.read_bytes() for top in (data, *also) for path in sorted(top.rglob("*")) if path.is_file()}
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns("*.sock"))
        out.mkdir()
        done = run(BUILD / "bare", copy, data.parent / (data.name + ".key"), out)
        assert done.returncode == 0, done.stderr.decode()
        self.counts = {line.split()[0]: int(line.split()[1]) for line in done.stdout.decode().splitlines()}
        self.plain = {path.name: path.read_bytes() for path in out.iterdir()}
        self.keys = {line.split()[0]: line.split()[1:] for line in self.plain.pop("keys").decode().splitlines()}
        shutil.rmtree(copy)
        shutil.rmtree(out)

    def places(self, words: set[bytes]) -> set[str]:
        return {name for name, content in (self.raw | self.plain).items() if any(word in content for word in words)}

    def lost_since(self, before: "Bare") -> dict[str, set[bytes]]:
        """The keys that were there before and are not now: themselves, and as they were stored."""
        return {subject: {bytes.fromhex(key), bytes.fromhex(wrapped)[12:44]} for subject, (wrapped, key) in before.keys.items() if subject not in self.keys}


class Path:
    """A server that a mirror follows; temporary files of both lie in a folder of their own."""

    def __init__(self, folder: Folder):
        self.folder, self.temporary, self.port = folder, folder.top / "tmp", free_port()
        self.temporary.mkdir()
        os.environ["TMPDIR"] = str(self.temporary)
        self.tls = Certificate(folder.top)
        self.server = self.mirror = None

    def start(self) -> None:
        self.server = Serving(self.folder.data, "--node-listen", f"127.0.0.1:{self.port}", "--tls-cert", self.tls.cert, "--tls-key", self.tls.key)
        token = self.folder.top / "east.token"
        if not token.exists():
            done = run(FAPIAO, "mirror", "add", "--data", self.folder.data, "east")
            assert done.returncode == 0, done.stderr.decode()
            token.write_bytes(done.stdout)
            shutil.copy(self.folder.top / "data.key", self.folder.top / "east.key")
        self.mirror = Mirror(self.folder.top / "east", "east", token, f"https://127.0.0.1:{self.port}", "--ca", self.tls.cert)

    def together(self) -> None:
        def same() -> bool:
            here, there = self.server.get("/api/v1/sync"), self.mirror.itself()
            return not here["ledger"]["behind"] and not there["error"] and there["size"] == here["ledger"]["size"]
        try:
            eventually(same, "the mirror has it all", 20)
        except AssertionError:
            print(self.server.get("/api/v1/sync"), self.mirror.itself())
            raise

    def stop(self, sig: int = signal.SIGTERM) -> None:
        for one in (self.mirror, self.server):
            if one is not None and one.process.poll() is None:
                one.process.send_signal(sig)
                one.process.wait(20)

    def bare(self) -> list[Bare]:
        return [Bare(self.folder, self.folder.data, self.temporary), Bare(self.folder, self.folder.top / "east", self.temporary)]


def take(server: Serving, name: str, content: bytes) -> str:
    status, answer = server.upload(name, content)
    assert status in (200, 201), (status, answer)
    return answer["reference"]


def others(server: Serving, first: int) -> None:
    files = [makers.entry(f"{i}.xml".encode(), invoice_xml(f"261120000000001{i:05d}", seller=f"别家{i}号有限公司", total=f"{106 + i}.00", amount=f"{100 + i}.00"))
             for i in range(first, first + OTHERS)]
    take(server, f"{first}.zip", makers.archive(files))


def hand_in(server: Serving) -> list[str]:
    """The invoice, the same bytes again, another file of it, and both in a zip: each way in. Then it is asked for in each way out."""
    others(server, 0)
    first, second = secret_xml("原件"), secret_xml("又一份")
    zipped = makers.archive([makers.entry(NAME.encode(), first), makers.entry(b"other.xml", invoice_xml("26112000000088880001"))])
    found = [take(server, NAME, first)]
    take(server, "again.xml", first)
    take(server, "box.zip", zipped)
    others(server, OTHERS)
    found.append(take(server, "second.xml", second))
    for path in (f"/api/v1/documents/{found[0]}", f"/api/v1/documents/{found[0]}/readings", f"/api/v1/documents/{found[0]}/original",
                 f"/api/v1/invoices?number={SECRET}", f"/api/v1/invoices?q={urllib.request.quote(SELLER)}", "/api/v1/invoices.csv"):
        server.request("GET", path)
    status, answer = server.post_json("/api/v1/verifications", QUESTION)
    assert answer.get("result") == "match", answer
    return found


QUESTION = {"number": SECRET, "issue_date": "2026-02-13", "total": TOTAL}


def erase(folder: Folder, server: Serving, reference: str, token: str) -> None:
    status, asked = call(server, "POST", "/api/v1/erasures", {"reference": reference, "reason": "wrong_upload"}, token)
    assert status == 201, asked
    assert json.loads(fapiao(folder, "erase", "confirm", asked["id"]))["state"] == "confirmed"


def expect_there(bare: Bare) -> None:
    """The search finds what is there, each in pages and in what the keys open, and nothing of it without a key."""
    for what, words in needles().items():
        places = bare.places(words)
        assert "opened" in places and places <= {"opened", "pages", "wal"}, (what, places)
        assert places & {"pages", "wal"}, (what, places)
    wrapped, key = next(iter(bare.keys.values()))
    assert bare.places({bytes.fromhex(wrapped)}) & {"pages", "wal"} and not bare.places({bytes.fromhex(key)})


def expect_gone(bare: Bare, before: Bare, erased: int) -> None:
    """Neither what it said nor a key of it, in no form."""
    for what, words in needles().items():
        assert not bare.places(words), (what, bare.places(words))
    lost = bare.lost_since(before)
    assert len(lost) == erased == bare.counts["erased"] and bare.counts["sealed"] > erased, (len(lost), bare.counts)
    for subject, keys in lost.items():
        assert not bare.places(keys), (subject, bare.places(keys))
    assert bare.places({b"26112000000088880001"}) >= {"opened", "pages"}


def expect_said(data: pathlib.Path) -> None:
    """An audit finds no fault, and says how many events were of what was erased."""
    done = run(FAPIAO, "audit", "--data", data, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and report["ok"] and report["erased"] == EVENTS and not report["findings"], report


def expect_silence(node: Serving, found: list[str]) -> None:
    """Nobody who asks learns what it said; its reference says that it was there and is erased."""
    for reference in found:
        document = node.get(f"/api/v1/documents/{reference}")
        assert document["state"] == document["reason"]["code"] == "erased" and not document["invoices"], document
        assert node.request("GET", f"/api/v1/documents/{reference}/original")[0] == 404
    listed = node.get(f"/api/v1/invoices?number={SECRET}")["items"]
    status, answer = node.post_json("/api/v1/verifications", QUESTION)
    assert not listed and (status, answer["result"]) == (200, "not_found"), (listed, answer)


def expect_proved(folder: Folder, server: Serving, reference: str, receipts: dict[str, bytes]) -> None:
    """Receipts from before prove what they proved, to whoever kept the file; one that is fetched now proves that it was received, and says
    nothing of it."""
    for which, receipt in receipts.items():
        status, words = checked(folder, receipt, secret_xml("原件") if which == "received" else None)
        assert status == 0, (which, words)
    assert checked(folder, receipts["received"], secret_xml("改过"))[0] == 1
    now = receipt_of(folder, server, reference, "received")
    status, words = checked(folder, now)
    assert status == 0, words
    opened = base64.b64decode(re.search(rb"^extra (.+)$", now, re.M)[1])
    assert len(opened) < 200 and not any(word in opened for words in needles().values() for word in words), opened
    assert now != receipts["received"] and server.request("GET", f"/api/v1/documents/{reference}/receipt?which=outcome")[0] == 404


def receipt_of(folder: Folder, server: Serving, reference: str, which: str, form: str = "proof") -> bytes:
    status, _, body = server.request("GET", f"/api/v1/documents/{reference}/receipt?which={which}&form={form}")
    assert status == 200, (status, body)
    return body


def checked(folder: Folder, receipt: bytes, original: bytes | None = None) -> tuple[int, str]:
    (folder.top / "r.tlog-proof").write_bytes(receipt)
    files = [folder.top / "r.tlog-proof"]
    if original is not None:
        (folder.top / "original").write_bytes(original)
        files.append(folder.top / "original")
    done = run(BUILD / "fapiao-check", *[x for key in vkeys_of(folder.data) for x in ("--vkey", key)], *files)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


@test
def nothing_of_it_is_left_for_whoever_has_every_key():
    """Pages, WAL, segments, temporary files, the mirror's folder: running, killed, rebuilt and stopped."""
    with Folder() as folder:
        path = Path(folder)
        first = folder.top / "first.xml"
        first.write_bytes(invoice_xml("26112000000099990001"))
        folder.import_(first)
        path.start()
        try:
            fapiao(folder, "user", "add", "zhang", "--role", "person", "--organisation", "local")
            out = fapiao(folder, "user", "token", "zhang", "--name", "t", "--acts", "ask_erasure,read_erasures", "--days", "1")
            token = next(word for word in out.replace('"', " ").split() if word.startswith("fp_"))
            found = hand_in(path.server)
            path.together()
            receipts = {which: receipt_of(folder, path.server, found[0], which) for which in ("received", "outcome")}
            before = path.bare()
            for bare in before:
                expect_there(bare)
            # Pages that a rebuild has given back hold what was in them.
            path.stop()
            assert run(FAPIAO, "rebuild", "--data", folder.data).returncode == 0
            path.start()
            path.together()
            for reference in found:
                erase(folder, path.server, reference, token)
            path.together()
            for bare, once in zip(path.bare(), before):
                expect_gone(bare, once, ERASED)
            for node in (path.server, path.mirror):
                expect_silence(node, found)
            expect_proved(folder, path.server, found[0], receipts)
            path.stop(signal.SIGKILL)
            for bare, once in zip(path.bare(), before):
                expect_gone(bare, once, ERASED)
            for data in (folder.data, folder.top / "east"):
                expect_said(data)
            assert run(FAPIAO, "rebuild", "--data", folder.data).returncode == 0
            expect_said(folder.data)
            for bare, once in zip(path.bare(), before):
                expect_gone(bare, once, ERASED)
        finally:
            path.stop()


if __name__ == "__main__":
    main()
