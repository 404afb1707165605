#!/usr/bin/env python3
"""A primary, its mirrors and a witness as processes of their own: partition, kill -9, an old copy put back, promotion, TLS."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import ssl
import threading
import time
import urllib.error
import urllib.request

import makers
from house import BUILD, FAPIAO, Folder, Serving, invoice_xml, main, run, test
from peers import Certificate, Line, Mirror, Witness, copied, eventually, free_port, vkeys_of

CHECK = BUILD / "fapiao-check"
SEED = int(os.environ.get("FAPIAO_FUZZ_SEED", random.randrange(1, 2**31)))


def number(i: int) -> str:
    return f"261120000000000{i:05d}"


class Nodes:
    """A folder with its primary, which keeps its node port over restarts, and what follows it through lines of their own."""

    def __init__(self, folder: Folder):
        self.folder, self.top, self.data = folder, folder.top, folder.data
        self.tls, self.node_port = Certificate(folder.top), free_port()
        self.kept: dict[str, bytes] = {}  # reference -> bytes, of all that was ever taken in
        self.mirrors: list[Mirror] = []
        self.lines: list[Line] = []
        self.witnesses: list[Witness] = []
        self.primary: Serving | None = None

    def start(self, data: pathlib.Path | None = None, *options) -> Serving:
        self.primary = Serving(data or self.data, "--node-listen", f"127.0.0.1:{self.node_port}", "--tls-cert", self.tls.cert,
                               "--tls-key", self.tls.key, *options)
        return self.primary

    def stop(self, sig: int = signal.SIGTERM) -> None:
        if self.primary is not None:
            self.primary.process.send_signal(sig)
            self.primary.process.wait(20)
            self.primary = None

    def watch(self, data: pathlib.Path | None = None) -> Witness:
        if not self.witnesses:
            self.witnesses.append(Witness(self.top, "w0", vkeys_of(self.data)))
        done = run(FAPIAO, "ledger", "witness", "add", "--data", data or self.data, self.witnesses[0].vkey, self.witnesses[0].url)
        assert done.returncode == 0, done.stderr.decode()
        return self.witnesses[0]

    def token(self, name: str, data: pathlib.Path | None = None) -> pathlib.Path:
        done = run(FAPIAO, "mirror", "add", "--data", data or self.data, name)
        assert done.returncode == 0, done.stderr.decode()
        path = self.top / f"{name}.token"
        path.write_bytes(done.stdout)
        return path

    def follow(self, name: str, allow: int | None = None) -> Mirror:
        """A mirror with a key file that was handed over; the first trusts a certificate, the next a pinned key. Its line holds after `allow`
        bytes."""
        self.token(name)
        shutil.copy(self.data.parent / (self.data.name + ".key"), self.top / f"{name}.key")
        self.lines.append(Line(self.node_port))
        if allow is not None:
            self.lines[-1].allow(allow)
        self.mirrors.append(self.go_on(name, self.lines[-1].port))
        return self.mirrors[-1]

    def go_on(self, name: str, port: int) -> Mirror:
        trust = ("--ca", self.tls.cert) if name == "east" else ("--pin", self.tls.pin)
        return Mirror(self.top / name, name, self.top / f"{name}.token", f"https://127.0.0.1:{port}", *trust)

    def take(self, content: bytes, name: str = "a.xml", query: str = "") -> str:
        status, answer = self.primary.upload(name, content, query=query)
        assert status in (200, 201, 202) and answer["reference"] not in self.kept, (status, answer)
        self.kept[answer["reference"]] = content
        return answer["reference"]

    def take_file(self, content: bytes, name: str) -> None:
        """As one that is too large for a request: through the command, beside the server."""
        path = self.top / name
        path.write_bytes(content)
        line = self.folder.import_(path)[0]
        assert line["reference"] and line["reference"] not in self.kept, line
        self.kept[line["reference"]] = content
        path.unlink()

    def invoices(self, first: int, last: int) -> None:
        for i in range(first, last):
            self.take(invoice_xml(number(i)), f"{i}.xml")

    def together(self, *mirrors: Mirror) -> dict:
        """All read, all signed, all taken in; answers the primary's own view of it."""
        def same() -> dict | None:
            here = self.primary.get("/api/v1/sync")
            ledger, nodes = here["ledger"], {n["name"]: n for n in here["nodes"]}
            if ledger["behind"] or any(s["in_progress"] for s in here["sources"]):
                return None
            for mirror in mirrors or self.mirrors:
                there, node = mirror.itself(), nodes[mirror.name]
                if node["behind"] or node["error"] or there["error"] or there["size"] != ledger["size"]:
                    now(mirror)
                    return None
            return here
        try:
            return eventually(same, "all nodes have reached the same head", 40)
        except AssertionError:
            print(self.primary.get("/api/v1/sync"), [m.itself() for m in self.mirrors])
            raise

    def compare(self, *nodes: Serving) -> None:
        """Every document that was ever taken in, once, byte for byte, on each."""
        heads = set()
        for node in nodes:
            assert sorted(references(node)) == sorted(self.kept), (node, len(self.kept))
            for reference, content in self.kept.items():
                status, _, body = node.request("GET", f"/api/v1/documents/{reference}/original")
                assert status == 200 and body == content, (node, reference, status, len(body))
            heads.add(head_of(node))
        assert len(heads) == 1, heads

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for line in self.lines:
            line.close()
        for mirror in self.mirrors:
            mirror.__exit__()
        if self.primary is not None:
            self.primary.__exit__()
        for witness in self.witnesses:
            witness.stop()


@contextlib.contextmanager
def scene(witness: bool = False):
    with Folder() as folder, Nodes(folder) as nodes:
        first = folder.top / "first.xml"
        first.write_bytes(invoice_xml(number(0)))
        line = folder.import_(first)[0]
        assert line["state"] == "accepted", line
        nodes.kept[line["reference"]] = first.read_bytes()
        if witness:
            nodes.watch()
        nodes.start()
        yield nodes


def references(node: Serving) -> list[str]:
    found, cursor = [], ""
    while True:
        page = node.get("/api/v1/documents?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        found += [item["reference"] for item in page["items"]]
        cursor = page.get("next_cursor")
        if not cursor:
            return found


def head_of(node: Serving) -> tuple[str, str]:
    """Size and root of its newest checkpoint."""
    status, _, note = node.request("GET", "/api/v1/ledger/checkpoint")
    assert status == 200
    return tuple(note.decode().split("\n")[1:3])


def today() -> str:
    """In China."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))


def now(mirror: Mirror) -> dict:
    """What it says of itself; it does not wait for its next try."""
    mirror.request("POST", "/api/v1/sync", b"")
    return mirror.itself()


def node_of(server: Serving, name: str) -> dict:
    return next(n for n in server.get("/api/v1/sync")["nodes"] if n["name"] == name)


def holds(nodes: Nodes, keys: list[str], receipt: bytes, content: bytes | None = None) -> str:
    """What fapiao-check says of it with these keys: each of them must have signed."""
    (nodes.top / "r.tlog-proof").write_bytes(receipt)
    (nodes.top / "r.original").write_bytes(content or b"")
    files = ["r.tlog-proof"] + (["r.original"] if content is not None else [])
    done = run(CHECK, *[x for key in keys for x in ("--vkey", key)], "--allow-unknown", *files, cwd=nodes.top)
    assert done.returncode == 0, done
    return done.stdout.decode()


def refused(node: Serving, why: str, content: bytes) -> None:
    status, problem = node.upload("x.xml", content)
    assert status == 503 and problem["code"] == "halted" and why in problem["detail"], (status, problem)


def audited(data: pathlib.Path) -> None:
    done = run(FAPIAO, "audit", "--data", data, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["ok"] is True, done


@test
def two_mirrors_reach_the_same_head_through_every_cut():
    with scene(witness=True) as nodes:
        east, west = nodes.follow("east"), nodes.follow("west")
        nodes.invoices(1, 6)
        nodes.together()
        # Both ways: the primary sees how far it is behind, the mirror that it gets no answer.
        nodes.lines[0].cut()
        nodes.invoices(6, 12)
        nodes.together(west)
        lag = node_of(nodes.primary, "east")
        assert lag["behind"] >= 12 and lag["ok_at"] < node_of(nodes.primary, "west")["ok_at"], lag
        assert eventually(lambda: east.itself()["error"], "the mirror says why it can't follow") and not east.itself()["alarm"]
        refused(east, "镜像", invoice_xml(number(900)))
        nodes.lines[0].heal()
        nodes.together()
        # One way: questions don't arrive, answers don't arrive.
        for ways in (("up", "down"), ("down", "up")):
            nodes.lines[0].hold(ways[0])
            nodes.lines[1].hold(ways[1])
            before = len(nodes.kept)
            nodes.invoices(before, before + 4)
            for name in ("east", "west"):
                eventually(lambda: node_of(nodes.primary, name)["behind"] >= 2, f"{name} is seen to be behind")
            for line in nodes.lines:
                line.heal()
            nodes.together()
        # What is none, what came before, what contradicts: all of it goes across.
        nodes.take(b"not an invoice", "note.txt")
        nodes.take(makers.png(8, 8, b"\0" * 72), "dot.png")
        nodes.take(invoice_xml(number(1)), "again.xml")
        nodes.take(invoice_xml(number(2), remark="another copy"), "carrier.xml")
        assert nodes.primary.upload("empty.xml", b"")[0] >= 400  # refused, and counted
        nodes.take(invoice_xml(number(3), total="206.00", amount="200.00"), "contrary.xml")
        nodes.together()
        nodes.compare(nodes.primary, east, west)
        states = [{i["reference"]: i["state"] for i in n.get("/api/v1/documents?limit=100")["items"]} for n in (nodes.primary, east, west)]
        assert states[0] == states[1] == states[2] and {"accepted", "quarantined", "conflict"} <= set(states[0].values()), states
        days = [n.get("/api/v1/days/" + today())["rejected"] for n in (nodes.primary, east, west)]
        assert days == [1, 1, 1], days
        assert all(a["error"] == "" and a["behind"] == 0 for a in nodes.primary.get("/api/v1/sync")["nodes"])
        # The record of the mirror is whole, the primary's receipts bear the log's and the witness's signature, its checkpoint all of
        # them, a mirror's receipts the log's and its own.
        eventually(lambda: nodes.primary.get("/api/v1/witnesses")["cosigned"] == 1, "the witness has seen all of it")
        log, reference = vkeys_of(nodes.data), sorted(nodes.kept)[3]
        content = nodes.kept[reference]
        mirror_keys = [vkey_of(nodes, m) for m in (east, west)]
        address = f"/api/v1/documents/{reference}/receipt"
        said = holds(nodes, [*log, nodes.witnesses[0].vkey], nodes.primary.request("GET", address)[2], content)
        assert reference in said, said
        checkpoint = nodes.primary.request("GET", "/api/v1/ledger/checkpoint")[2].decode()
        assert all(f"\u2014 {key.split('+')[0]} " in checkpoint for key in mirror_keys), checkpoint
        for mirror, key in zip((east, west), mirror_keys):
            assert reference in holds(nodes, [*log, key], mirror.request("GET", address)[2], content)
            audited(mirror.data)


@test
def a_mirror_that_died_before_it_said_so_says_it_when_it_is_back():
    with scene() as nodes:
        east = nodes.follow("east")
        nodes.invoices(1, 3)
        nodes.together()
        nodes.lines[0].hold("up")  # it takes in what is asked for already, and can't tell
        before = node_of(nodes.primary, "east")
        nodes.invoices(3, 4)
        nodes.lines[0].cut()
        east.process.kill()
        east.process.wait()
        nodes.lines[0].heal()
        nodes.mirrors[0] = east = nodes.go_on("east", nodes.lines[0].port)
        nodes.together()
        # Nothing new came since: it is seen to be there all the same.
        east.process.kill()
        east.process.wait()
        last = node_of(nodes.primary, "east")
        assert last["ok_at"] > before["ok_at"] and last["behind"] == 0, (before, last)
        nodes.mirrors[0] = east = nodes.go_on("east", nodes.lines[0].port)
        eventually(lambda: node_of(nodes.primary, "east")["ok_at"] > last["ok_at"], "it is heard of again")


def vkey_of(nodes: Nodes, mirror: Mirror) -> str:
    """As the mirror tells it."""
    return next(n["vkey"] for n in nodes.primary.get("/api/v1/witnesses")["items"] if n["name"] == mirror.name)


@test
def large_documents_pass_to_a_mirror_and_one_killed_while_catching_up_goes_on():
    with scene() as nodes:
        chance = random.Random(SEED)
        print(f"seed {SEED}")
        nodes.invoices(1, 30)
        large = [chance.randbytes(40 << 20), chance.randbytes(9 << 20), chance.randbytes(3 << 20), chance.randbytes(60 << 20)]
        for i, content in enumerate(large):
            nodes.take_file(content, f"large{i}.bin")
        nodes.invoices(30, 40)
        east = nodes.follow("east", 1 << 20)
        # Killed in the middle, each time a bit further: what was taken in whole is not asked for again.
        line, had = nodes.lines[0], []
        for mib in (20, 45, 5, 61, None):
            eventually(line.is_held, f"{had}: so much has passed")
            east.process.kill()
            east.process.wait()
            line.allow(mib << 20) if mib else line.heal()
            nodes.mirrors[0] = east = nodes.go_on("east", line.port)
            had.append(documents_of(east))
        assert had == sorted(had) and had[0] == 0 < had[-1] < len(nodes.kept), had
        nodes.together()
        nodes.compare(nodes.primary, east)
        peak = max(peak_of(nodes.primary), peak_of(east))
        assert peak < 900, peak
        nodes.stop()
        east.__exit__()
        audited(east.data)


def documents_of(node: Serving) -> int:
    return len(references(node))


def peak_of(node: Serving) -> int:
    """Most memory that it ever had, in MiB."""
    status = pathlib.Path(f"/proc/{node.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024


@test
def a_primary_killed_while_it_takes_in_leaves_its_mirrors_consistent():
    with scene() as nodes:
        east, west = nodes.follow("east"), nodes.follow("west")
        for life in range(3):
            told = threading.Thread(target=hand_in_until_it_dies, args=(nodes, 1 + 1000 * life))
            told.start()
            before = len(nodes.kept)
            eventually(lambda: len(nodes.kept) >= before + 6 + 3 * life, "some were taken in")
            nodes.primary.process.kill()
            told.join()
            nodes.primary.process.wait()
            nodes.start()
            nodes.together()
        # What was not told may be there as well, never twice; what was told is there, on all three.
        found = references(nodes.primary)
        assert len(found) == len(set(found)) and set(nodes.kept) <= set(found), (len(found), len(nodes.kept))
        for reference in set(found) - set(nodes.kept):
            nodes.kept[reference] = nodes.primary.request("GET", f"/api/v1/documents/{reference}/original")[2]
        nodes.compare(nodes.primary, east, west)
        for data in (nodes.data, east.data, west.data):
            audited(data)


def hand_in_until_it_dies(nodes: Nodes, first: int) -> None:
    server = nodes.primary
    for i in range(first, first + 900):
        content = invoice_xml(number(i))
        try:
            status, answer = server.upload(f"{i}.xml", content, query="")
        except (OSError, http.client.HTTPException):
            return
        assert status in (201, 202), (status, answer)
        nodes.kept[answer["reference"]] = content


@test
def an_old_copy_in_the_place_of_the_primary_is_followed_by_nobody():
    with scene(witness=True) as nodes:
        east = nodes.follow("east")
        nodes.invoices(1, 3)
        nodes.together()
        nodes.stop()
        old = copied(nodes.data, "old")
        nodes.start()
        nodes.invoices(3, 6)
        nodes.together()
        eventually(lambda: nodes.primary.get("/api/v1/witnesses")["cosigned"] == 1, "the witness has seen all of it")
        before = head_of(east)
        nodes.stop()
        # The witness halts it with the reason; the mirror sounds the alarm and keeps what it has.
        nodes.start(old)
        health = eventually(lambda: "账本倒退" in (a := nodes.primary.get("/api/v1/health"))["halted"] and a, "the witness refuses it")
        assert health["status"] == "read_only", health
        refused(nodes.primary, "账本倒退", invoice_xml(number(901)))
        alarm = eventually(lambda: (a := now(east))["alarm"] and a, "the mirror sounds the alarm")
        assert "gone back" in alarm["error"] and alarm["size"] == int(before[0]), alarm
        eventually(lambda: "gone back" in node_of(nodes.primary, "east")["error"], "the primary's people see it, too")
        # Without its witnesses it goes on, another way: just as far as before, then further. The mirror does not.
        nodes.stop()
        nodes.start(old, "--without-witnesses")
        for first, last in ((910, 913), (913, 916)):
            for i in range(first, last):
                assert nodes.primary.upload(f"{i}.xml", invoice_xml(number(i)))[1]["state"] == "accepted"
            eventually(lambda: int(head_of(nodes.primary)[0]) == int(before[0]) + 2 * (last - 913), "it is signed")
            alarm = eventually(lambda: "forked" in (a := now(east))["error"] and a, "the fork is seen")
            assert alarm["alarm"] and head_of(east) == before, alarm
        # It outlives a restart, and the right folder ends it; nothing was lost and nothing taken over.
        east.__exit__()
        nodes.mirrors[0] = east = nodes.go_on("east", nodes.lines[0].port)
        eventually(lambda: east.itself()["alarm"], "the alarm stands after a restart")
        nodes.stop()
        nodes.start()
        # Commands write no event of their own in a mirror's folder, or it would have forked.
        east.__exit__()
        done = run(FAPIAO, "organisation", "add", "--data", east.data, "--name", "东方有限公司")
        assert done.returncode != 0 and "这里是镜像" in done.stderr.decode(), done
        done = run(FAPIAO, "rebuild", "--data", east.data)
        assert done.returncode == 0, done.stderr.decode()
        nodes.mirrors[0] = east = nodes.go_on("east", nodes.lines[0].port)
        nodes.invoices(6, 8)
        nodes.together()
        assert not east.itself()["alarm"]
        nodes.compare(nodes.primary, east)


@test
def a_mirror_takes_over_when_the_primary_is_lost():
    with scene(witness=True) as nodes:
        east, west = nodes.follow("east"), nodes.follow("west")
        assert nodes.primary.upload("empty.xml", b"")[0] >= 400
        nodes.invoices(1, 6)
        nodes.together()
        eventually(lambda: nodes.primary.get("/api/v1/witnesses")["cosigned"] == 1, "the witness has seen all of it")
        witness, last = nodes.witnesses[0], max(nodes.kept)
        nodes.stop(signal.SIGKILL)
        shutil.rmtree(nodes.data)
        # It serves what it has, also when it is started anew with nobody to follow.
        east.__exit__()
        east = nodes.go_on("east", nodes.lines[0].port)
        nodes.mirrors[0] = east
        nodes.compare(east, west)
        refused(east, "镜像", invoice_xml(number(902)))
        east.__exit__()
        # Promoted: it waits until the witness agrees.
        nodes.watch(east.data)
        witness.stop()
        nodes.start(east.data)
        assert nodes.primary.get("/api/v1/health")["status"] == "read_only"
        refused(nodes.primary, "正在等见证方", invoice_xml(number(903)))
        witness.start()
        eventually(lambda: nodes.primary.get("/api/v1/health")["status"] == "ok", "the witness agrees")
        before = witness.newest()
        assert nodes.primary.get("/api/v1/days/" + today())["rejected"] == 1
        reference = nodes.take(invoice_xml(number(6)), "6.xml", "?wait=outcome")
        assert int(reference[-6:]) == int(last[-6:]) + 1, (last, reference)
        eventually(lambda: (a := nodes.primary.get("/api/v1/witnesses"))["cosigned"] == 1 and a["items"][-1]["size"] > before[0],
                   "its head follows from all that the witness has seen", 120)
        assert witness.newest() == (int(head_of(nodes.primary)[0]), head_of(nodes.primary)[1])
        # The other mirror follows it, with a token of its own.
        west.__exit__()
        nodes.token("west", east.data)
        nodes.mirrors = [nodes.go_on("west", nodes.lines[1].port)]
        nodes.invoices(7, 10)
        nodes.together()
        nodes.compare(nodes.primary, nodes.mirrors[0])
        receipt = nodes.primary.request("GET", f"/api/v1/documents/{reference}/receipt")[2]
        assert reference in holds(nodes, [*vkeys_of(east.data), witness.vkey], receipt, nodes.kept[reference])
        nodes.stop()
        audited(east.data)


@test
def who_has_no_token_or_another_certificate_gets_nothing():
    with scene() as nodes:
        east = nodes.follow("east")
        nodes.invoices(1, 3)
        nodes.together()
        token, url = (nodes.top / "east.token").read_text().strip(), f"https://127.0.0.1:{nodes.node_port}"
        context = ssl.create_default_context(cafile=str(nodes.tls.cert))
        for path in ("/node/v1/hello", "/node/v1/facts?from=1&to=9", "/node/v1/checkpoint?over=0", "/api/v1/documents", "/"):
            for wrong in (None, "0" * 64, token[:-1], token.upper() if token.upper() != token else "1" * 64, ""):
                assert asked(url + path, context, wrong) == 401, (path, wrong)
        assert asked(url + "/node/v1/hello", context, token) == 200 and asked(url + "/api/v1/documents", context, token) == 404
        # A mirror that trusts another certificate, or pins another key, says so and takes nothing, and no token goes out.
        other = Certificate(nodes.top, "other")
        bad = nodes.top / "bad.token"
        bad.write_text("0" * 64 + "\n")
        good = nodes.top / "east.token"
        plain = f"http://192.0.2.1:{nodes.node_port}"
        for trust, what, where, said in ((("--ca", other.cert), good, url, "did not answer"), (("--pin", other.pin), good, url, "did not answer"),
                                         ((), good, url, "did not answer"), (("--ca", nodes.tls.cert), bad, url, "401"),
                                         ((), good, plain, "neither https nor on this machine")):
            fresh = nodes.top / "fresh"
            shutil.copy(nodes.top / "east.key", nodes.top / "fresh.key")
            done = run(FAPIAO, "mirror", "--data", fresh, "--name", "east", "--token", what, *trust, where)
            assert done.returncode == 1 and said in done.stderr.decode(), (trust, done)
            assert not (fresh / "keys").exists() and not (fresh / "fapiao.db").exists(), trust
        # Another key file than the primary's opens nothing.
        (nodes.top / "fresh.key").write_text("fapiao-key-1 " + "5" * 64 + "\n")
        done = run(FAPIAO, "mirror", "--data", nodes.top / "fresh", "--name", "east", "--token", good, "--ca", nodes.tls.cert, url)
        assert done.returncode == 1 and "key" in done.stderr.decode(), done
        # A door that is open to others wants TLS.
        nodes.stop()
        done = run(FAPIAO, "serve", "--data", nodes.data, "--listen", "127.0.0.1:0", "--node-listen", "0.0.0.0:0")
        assert done.returncode == 1 and "loopback" in done.stderr.decode(), done
        assert references(east) and east.get("/api/v1/health")["status"] == "read_only"


def asked(url: str, context: ssl.SSLContext, token: str | None) -> int:
    ask = urllib.request.Request(url, headers={} if token is None else {"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(ask, timeout=20, context=context) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


main()
