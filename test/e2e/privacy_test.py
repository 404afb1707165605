#!/usr/bin/env python3
"""What strangers and witnesses get of the ledger tells nothing of an invoice, not even to who guesses what it says.

Two folders take in the same files. All that goes out of them is searched for what the invoices say, in every form that somebody without the
log's key could make of it; with that key a subject's tag is found, so the search can find.
"""
import base64
import hashlib
import hmac
import itertools
import json
import pathlib
import re

import makers
from house import FAPIAO, Folder, Serving, invoice_xml, main, run, test
from peers import Tap, Witness, eventually, vkeys_of

LEAF, OPENING, WINDOW = 154, b"fapiao/opening/v1\n", 16
SELLERS = ["测试销方有限公司", "甲乙丙贸易有限公司", "丁戊运输股份公司"]


def number(i: int) -> str:
    return f"261120000000000{70000 + 37 * i}"


def files() -> dict[str, bytes]:
    made = {f"{i}.xml": invoice_xml(number(i), total=f"{1060 + 106 * i}.00", amount=f"{1000 + 100 * i}.00", tax=f"{60 + 6 * i}.00",
                                    seller=SELLERS[i % 3], remark=f"合同号 HT-2026-{i:04d}") for i in range(12)}
    made |= {"carrier.xml": invoice_xml(number(0), total="1060.00", amount="1000.00", tax="60.00", remark="又一份"),
             "contrary.xml": invoice_xml(number(1), total="2226.00", amount="2100.00", tax="126.00"), "note.txt": b"no invoice of 91110105DEMA00013J",
             "dot.png": makers.png(8, 8, b"\0" * 72)}
    return made


class Shown:
    """A folder with those files, and every byte of its ledger that went to strangers or to its witness."""

    def __init__(self, folder: Folder):
        self.folder, self.bytes, self.events, self.salted, self.leaves = folder, bytearray(), [], [], []
        first = folder.top / "first.txt"
        first.write_bytes(b"the first")
        folder.import_(first)
        self.vkeys = vkeys_of(folder.data)
        self.origin = self.vkeys[0].split("+")[0]
        witness = Witness(folder.top, "w", self.vkeys)
        tap = Tap(witness.port)
        try:
            assert run(FAPIAO, "ledger", "witness", "add", "--data", folder.data, witness.vkey, tap.url).returncode == 0
            with Serving(folder.data) as server:
                self.documents = [self.take(server, name, content) for name, content in files().items()]
                eventually(lambda: (a := server.get("/api/v1/sync"))["ledger"]["behind"] == 0 and a["nodes"][0]["behind"] == 0, "it is witnessed")
                for document in self.documents:
                    self.receipts(server, document["reference"])
                self.add(server.request("GET", "/api/v1/ledger/checkpoint")[2])
        finally:
            witness.stop()
            tap.listener.close()
        assert len(tap.pairs) > 1
        for request, answer in tap.pairs:
            self.add(request)
            self.add(answer)
        out = folder.top / "out"
        assert run(FAPIAO, "ledger", "export", "--data", folder.data, "--out", out).returncode == 0
        for path in out.rglob("*"):
            if path.is_file():
                self.add(path.read_bytes())
                if "entries" in path.parts:
                    bundle = path.read_bytes()
                    self.leaves += [bundle[i + 2:i + 2 + LEAF] for i in range(0, len(bundle), LEAF + 2)]
        assert len(self.leaves) >= 30

    def take(self, server: Serving, name: str, content: bytes) -> dict:
        status, answer = server.upload(name, content, Idempotency_Key=f"order-{name}")
        assert status == 201, (status, answer)
        return answer

    def receipts(self, server: Serving, reference: str) -> None:
        """Public ones are shown; of a promise the signed note, which holds without what it opens. Full ones stay here: what they say is what
        strangers would guess."""
        address = f"/api/v1/documents/{reference}/receipt"
        for which in ("received", "outcome"):
            public = server.request("GET", f"{address}?which={which}&form=public")[2]
            assert public.startswith(b"c2sp.org/tlog-proof@v1\nextra "), public
            self.add(public)
            full = server.request("GET", f"{address}?which={which}")[2]
            opening = base64.b64decode(full.split(b"\n")[1][6:])
            assert opening.startswith(OPENING) and opening[len(OPENING) + LEAF] == 1
            rest = opening[len(OPENING) + LEAF + 1:]
            self.events.append(rest[32:])
            self.salted.append((rest[:32], rest[32:]))
        promise = server.request("GET", f"{address}?form=promise")[2].split(b"\n")
        self.add(b"\n".join(promise[:1] + promise[2:]))

    def add(self, shown: bytes) -> None:
        """As it is, and unpacked where it is base64 or hexadecimal."""
        self.bytes += shown + b"\0"
        for word in re.findall(rb"[A-Za-z0-9+/]{22,}={0,2}", shown):
            self.bytes += base64.b64decode(word[:len(word) // 4 * 4]) + b"\0"
        for word in re.findall(rb"[0-9A-Fa-f]{32,}", shown):
            self.bytes += bytes.fromhex(word[:len(word) // 2 * 2].decode()) + b"\0"

    def windows(self) -> set[bytes]:
        whole = bytes(self.bytes)
        return {whole[i:i + WINDOW] for i in range(len(whole) - WINDOW + 1)}

    def log_key(self) -> bytes:
        """As its keeper can unwrap it. GCM without its tag is CTR from 2 on."""
        kek = (self.folder.top / "data.key").read_text().split()[1]
        wrapped = dict(line.split(" ") for line in (self.folder.data / "keys").read_text().split("\n")[1:] if line)["log"]
        done = run("openssl", "enc", "-d", "-aes-256-ctr", "-K", kek, "-iv", wrapped[:24] + "00000002", "-in", self.sealed(wrapped))
        assert done.returncode == 0 and len(done.stdout) == 32, done
        return done.stdout

    def sealed(self, wrapped: str) -> pathlib.Path:
        path = self.folder.top / "sealed"
        path.write_bytes(bytes.fromhex(wrapped)[12:-16])
        return path


def guesses(shown: Shown) -> set[bytes]:
    """What somebody might know or guess: what the invoices say, in several spellings, and what the system calls them."""
    words = {"测试购方有限公司", "91110105DEMA00013J", "91110108DEMB00014K", "2026-01-15", "20260115", "local", *SELLERS}
    for i in range(12):
        words |= {number(i), f"{1060 + 106 * i}.00", f"{1000 + 100 * i}.00", f"{1060 + 106 * i}", f"HT-2026-{i:04d}", f"合同号 HT-2026-{i:04d}",
                  f"91110105DEMA00013J{number(i)}", f"{number(i)}|{1060 + 106 * i}.00", f"{number(i)},2026-01-15,{1060 + 106 * i}.00",
                  f"26112{number(i)}", f"262011200011{number(i)[-8:]}"}  # code and number of an old kind
    for name in files():
        words |= {name, f"order-{name}"}
    found = set()
    for document in shown.documents:
        words |= {document["reference"], document["sha256"], *(i["id"] for i in document["invoices"])}
    for event in shown.events:
        said = json.loads(event)
        words |= {v for k, v in said.items() if k not in ("v", "event", "actor", "source", "media", "basis", "ordinal", "relation")}
        found |= {event, event + b"\n"}
    for word in words:
        found |= {word.encode(), word.encode("gbk"), word.encode("utf-16-le")}
        if re.fullmatch(r"[0-9a-f]{32,}", word):
            found.add(bytes.fromhex(word))
        if re.fullmatch(r"\d+\.\d\d", word):
            found |= {int(word.replace(".", "")).to_bytes(8, order) for order in ("big", "little")}
    return found | set(files().values())


def digests(shown: Shown, secrets: set[bytes]):
    """All that can be made of them without a key that was not shown."""
    labels = [b"", b"\0", b"\1", b"local", b"local\n", b"fapiao/commit/v1\n", b"fapiao/commit/v1\n" + bytes(32), b"fapiao/subject/v1\n",
              b"fapiao/tenant/v1\n", shown.origin.encode(), shown.origin.encode() + b"\n"]
    keys = [b"", bytes(32), b"fapiao", b"local", shown.origin.encode(), *(base64.b64decode(v.split("+", 2)[2])[1:] for v in shown.vkeys)]
    for secret, label in itertools.product(secrets, labels):
        for kind in ("sha256", "sm3", "md5", "sha1"):
            made = hashlib.new(kind, label + secret).digest()
            yield made
            yield hashlib.sha256(b"\0" + made).digest()
        for key in keys:
            yield hmac.digest(key, label + secret, "sha256")
            yield hmac.digest(key, label + secret, "md5")


@test
def nothing_that_goes_out_tells_what_an_invoice_says_nor_that_two_logs_hold_the_same():
    with Folder() as one, Folder() as two:
        first, second = Shown(one), Shown(two)
        for shown in (first, second):
            whole, windows, secrets = bytes(shown.bytes), shown.windows(), guesses(shown)
            # "fapiao.local/…" is the log's own name.
            plain = whole.replace(shown.origin.encode(), b"")
            assert len(secrets) > 500 and len(windows) > 10_000, (len(secrets), len(windows))
            for secret in secrets:
                for form in {secret, secret.hex().encode(), base64.b64encode(secret).rstrip(b"=")}:
                    assert len(form) < 5 or form not in plain, form[:80]
            count = 0
            for count, made in enumerate(digests(shown, secrets), 1):
                assert made[:WINDOW] not in windows, (count, made.hex())
            assert count > 100_000, count
            # The search finds what is there: with the log's key, tags and subjects; with the salts, commitments.
            key = shown.log_key()
            assert hmac.digest(key, b"fapiao/tenant/v1\nlocal", "sha256")[:WINDOW] in windows
            for event in shown.events:
                subject = bytes.fromhex(json.loads(event)["subject"])
                assert hmac.digest(key, b"fapiao/subject/v1\n" + subject, "sha256")[:WINDOW] in windows, event
            for salt, event in shown.salted:
                for kind in ("sha256", "sm3"):
                    assert hashlib.new(kind, b"fapiao/commit/v1\n" + salt + event).digest()[:WINDOW] in windows
                assert salt[:WINDOW] not in windows
        # The same files in two logs: no tag, subject, link or commitment is the same, whoever lays them side by side.
        fields = {"tenant": (2, 18), "subject": (18, 50), "previous": (50, 82), "sha256": (90, 122), "sm3": (122, 154)}
        for name, (begin, end) in fields.items():
            mine, theirs = ({leaf[begin:end] for leaf in shown.leaves} - {bytes(end - begin)} for shown in (first, second))
            assert mine and theirs and not mine & theirs, name
        assert not {json.loads(e)["subject"] for e in first.events} & {json.loads(e)["subject"] for e in second.events}
        # Nothing but the two names of one file links two leaves of one log: salts are fresh, so equal events commit differently.
        for shown in (first, second):
            assert len({leaf[90:154] for leaf in shown.leaves}) == len(shown.leaves)
            assert len({salt for salt, _ in shown.salted}) == len({event for _, event in shown.salted})


main()
