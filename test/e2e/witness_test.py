#!/usr/bin/env python3
"""Witnesses: three processes of their own watch the ledger of a fourth. Quorum, partition, rollback, fork, kill -9, privacy."""
import base64
import contextlib
import hashlib
import hmac
import json
import re
import signal

from house import FAPIAO, Folder, Serving, invoice_xml, main, run, test
from peers import SIGNATURE, Tap, Witness, copied, eventually, vkeys_of


def number(i: int) -> str:
    return f"261120000000000{i:05d}"


def state(server: Serving) -> dict:
    return server.get("/api/v1/witnesses")


def taken(server: Serving, i: int) -> dict:
    status, answer = server.upload(f"{i}.xml", invoice_xml(number(i)))
    assert status == 201 and answer["state"] == "accepted", (status, answer)
    server.leaves = answer["ledger"]["index"] + 1
    return answer


def settled(server: Serving, invoices: int, witnesses: int = 3) -> None:
    """Every witness has cosigned a checkpoint over all of them: an invoice is two events, received and accepted; some more tell of the
    witnesses that were added and bind rows. The newest that this server took says itself where its leaf is."""
    def all_there() -> bool:
        answer, size = state(server), server.get("/api/v1/ledger")["size"]
        least = max(size, getattr(server, "leaves", 0), 2 * invoices + len(answer["items"]))
        return answer["cosigned"] == witnesses and all(i["size"] >= least for i in answer["items"])
    eventually(all_there, f"{witnesses} cosignatures over {invoices} invoices", 120)


@contextlib.contextmanager
def scene(urls=lambda witness: witness.url):
    """A folder with one invoice, and three witnesses on its list."""
    with Folder() as folder:
        first = folder.top / "first.xml"
        first.write_bytes(invoice_xml(number(1)))
        assert folder.import_(first)[0]["state"] == "accepted"
        witnesses = [Witness(folder.top, f"w{i}", vkeys_of(folder.data)) for i in range(3)]
        try:
            for w in witnesses:
                done = run(FAPIAO, "ledger", "witness", "add", "--data", folder.data, w.vkey, urls(w))
                assert done.returncode == 0, done.stderr.decode()
            yield folder, witnesses
        finally:
            for w in witnesses:
                w.stop()


@test
def without_witnesses_it_works_and_says_so():
    with Folder() as folder, Serving(folder.data) as server:
        taken(server, 1)
        answer = state(server)
        assert answer["witnesses"] == 0 and answer["need"] == 0 and "没有见证方" in answer["text"] and "No witnesses" in answer["text"], answer
        assert server.get("/api/v1/health")["status"] == "ok"
        told = run(FAPIAO, "doctor", "--data", folder.data).stdout.decode()
        assert "没有见证方" in told, told


@test
def each_checkpoint_is_cosigned_and_a_partition_heals():
    with scene() as (folder, witnesses), Serving(folder.data) as server:
        settled(server, 1)
        size = server.get("/api/v1/ledger")["size"]
        assert state(server)["need"] == 2
        # One is stopped, one is gone: the third goes on, the lag of the others is shown, nothing waits.
        witnesses[0].pause()
        witnesses[1].stop()
        for i in range(2, 5):
            taken(server, i)
        ahead = eventually(lambda: (a := state(server))["items"][2]["size"] > size and a["items"][2]["behind"] == 0
                             and a["cosigned"] == 1 and a, "the third cosigns")
        lag = eventually(lambda: (a := state(server))["items"][1]["error"] and a["items"][1]["behind"] > 0 and a, "the lag is shown")
        assert lag["items"][0]["behind"] > 0 and lag["halted"] == "" and ahead["halted"] == "", lag
        # The folder's list can be changed through the running server.
        done = run(FAPIAO, "ledger", "witness", "remove", "--data", folder.data, witnesses[2].name)
        assert done.returncode == 0 and state(server)["witnesses"] == 2, done.stderr.decode()
        assert run(FAPIAO, "ledger", "witness", "add", "--data", folder.data, witnesses[2].vkey, witnesses[2].url).returncode == 0
        witnesses[0].resume()
        witnesses[1].start()
        healed = eventually(lambda: (a := state(server))["cosigned"] == 3 and a, "all three have caught up", 120)
        assert len({w.newest() for w in witnesses}) == 1 and all(i["error"] == "" and i["behind"] == 0 for i in healed["items"]), healed
        _, _, note = server.request("GET", "/api/v1/ledger/checkpoint")
        for w in witnesses:
            assert f"{SIGNATURE}{w.name} " in note.decode(), note.decode()


@test
def a_receipt_carries_what_the_witnesses_signed():
    with scene() as (folder, witnesses), Serving(folder.data) as server:
        reference = taken(server, 2)["reference"]
        settled(server, 2)
        status, _, receipt = server.request("GET", f"/api/v1/documents/{reference}/receipt")
        text = receipt.decode()
        assert status == 200 and text.startswith("c2sp.org/tlog-proof@v1\n"), (status, text)
        assert sum(f"{SIGNATURE}{w.name} " in text for w in witnesses) >= 2, text
        # The command waits for them by itself, and gives what there is when they are away.
        done = run(FAPIAO, "receipt", "--data", folder.data, "--wait", "60", taken(server, 3)["reference"])
        assert done.returncode == 0 and sum(f"{SIGNATURE}{w.name} " in done.stdout.decode() for w in witnesses) >= 2, done
        for w in witnesses:
            w.stop()
        done = run(FAPIAO, "receipt", "--data", folder.data, taken(server, 4)["reference"])
        assert done.returncode == 0 and not any(f"{SIGNATURE}{w.name} " in done.stdout.decode() for w in witnesses), done


@test
def a_command_shows_the_witnesses_what_it_wrote_before_it_ends():
    with scene() as (folder, witnesses):
        second = folder.top / "second.xml"
        second.write_bytes(invoice_xml(number(2)))
        assert folder.import_(second)[0]["state"] == "accepted"
        before = {w.newest() for w in witnesses}
        listed = json.loads(run(FAPIAO, "ledger", "witness", "list", "--data", folder.data).stdout)
        assert len(before) == 1 and listed["cosigned"] == 3 and listed["items"][0]["size"] == before.pop()[0], listed
        witnesses[0].pause()  # one that hangs costs two seconds at most, and no more
        witnesses[1].stop()
        third = folder.top / "third.xml"
        third.write_bytes(invoice_xml(number(3)))
        assert folder.import_(third)[0]["state"] == "accepted"
        assert witnesses[2].newest()[0] > witnesses[0].newest()[0]
        witnesses[1].start()


@test
def an_old_copy_put_back_is_read_only_until_the_right_one_is_there():
    with scene() as (folder, witnesses):
        with Serving(folder.data) as server:
            taken(server, 2)
            settled(server, 2)
        old = copied(folder.data, "old")
        with Serving(folder.data) as server:
            taken(server, 3)
            settled(server, 3)
        with Serving(old) as server:
            alarm = eventually(lambda: "账本倒退" in (a := server.get("/api/v1/health"))["halted"] and a, "the alarm")
            assert alarm["status"] == "read_only" and "gone back" in alarm["halted"] and "w.example/w" in alarm["halted"], alarm
            status, problem = server.upload("4.xml", invoice_xml(number(4)))
            assert status == 503 and problem["code"] == "halted" and "账本倒退" in problem["detail"], (status, problem)
            status, answer = server.post_json("/api/v1/verifications", {"number": number(2), "issue_date": "2026-01-15", "total": "106.00"})
            assert status == 200 and answer["result"] == "match", (status, answer)
        # It outlives a restart, also when nobody is there to say it again; a command is refused as well.
        for w in witnesses:
            w.stop()
        with Serving(old) as server:
            assert "账本倒退" in server.get("/api/v1/health")["halted"]
        lost = folder.top / "5.xml"
        lost.write_bytes(invoice_xml(number(5)))
        done = run(FAPIAO, "import", "--data", old, lost)
        assert done.returncode != 0 and "账本倒退" in done.stderr.decode() + done.stdout.decode(), done
        told = run(FAPIAO, "doctor", "--data", old)
        assert told.returncode != 0 and "账本倒退" in told.stdout.decode(), told
        for w in witnesses:
            w.start()
        # The right one, in a new place: it waits for two of three, and goes on.
        right = copied(folder.data, "right")
        with Serving(right) as server:
            eventually(lambda: server.get("/api/v1/health")["status"] == "ok", "the right backup goes on")
            taken(server, 6)
        with Serving(right) as server:
            assert server.get("/api/v1/health")["halted"] == ""


@test
def a_copy_waits_until_enough_witnesses_have_answered():
    with scene() as (folder, witnesses):
        with Serving(folder.data) as server:
            settled(server, 1)
        copy = copied(folder.data, "copy")
        witnesses[0].stop()
        witnesses[1].stop()
        with Serving(copy) as server:
            eventually(lambda: state(server)["items"][1]["error"], "one was found away")
            status, problem = server.upload("2.xml", invoice_xml(number(2)))
            assert status == 503 and "正在等见证方" in problem["detail"], (status, problem)
            witnesses[1].start()
            eventually(lambda: server.get("/api/v1/health")["status"] == "ok", "two of three have answered", 120)
            taken(server, 2)
        witnesses[0].start()


@test
def of_two_copies_that_both_went_on_the_unwitnessed_one_is_stopped():
    with scene() as (folder, witnesses):
        with Serving(folder.data) as server:
            settled(server, 1)
        twin = copied(folder.data, "twin")
        with Serving(folder.data) as server:
            taken(server, 2)
            settled(server, 2)
        with Serving(twin, "--without-witnesses") as server:
            taken(server, 3)
            assert state(server)["without"] is True
        with Serving(twin) as server:
            alarm = eventually(lambda: "账本分叉" in (a := server.get("/api/v1/health"))["halted"] and a["halted"], "the fork is seen")
            assert "forked" in alarm
            mine, theirs = re.search(r"here: (\d+) (\S+)$", alarm), re.search(r"witness \S+: (\d+) (\S+);", alarm)
            assert mine[1] == theirs[1] and mine[2] != theirs[2] == witnesses[0].newest()[1], alarm
        assert "--without-witnesses" in run(FAPIAO, "doctor", "--data", twin).stdout.decode()
        with Serving(folder.data) as server:
            taken(server, 4)
            settled(server, 3)


@contextlib.contextmanager
def tapped():
    taps: dict[str, Tap] = {}

    def url(witness: Witness) -> str:
        taps[witness.name] = Tap(witness.port)
        return taps[witness.name].url

    with scene(url) as (folder, witnesses):
        try:
            yield folder, witnesses, taps
        finally:
            for tap in taps.values():
                tap.listener.close()


@test
def a_witness_that_is_killed_again_and_again_never_signs_two_roots():
    with tapped() as (folder, witnesses, taps), Serving(folder.data) as server:
        invoices, sizes = 1, []
        settled(server, 1)
        for _ in range(5):
            taken(server, invoices + 1)
            taken(server, invoices + 2)
            witnesses[0].stop(signal.SIGKILL)  # perhaps while it is asked
            taken(server, invoices + 3)
            invoices += 3
            sizes.append(witnesses[0].newest()[0])
            witnesses[0].start()
            settled(server, invoices)
        size = server.get("/api/v1/ledger")["size"]
        assert size >= 2 * invoices + len(witnesses), size
        assert sizes == sorted(sizes) and witnesses[0].newest()[0] == size, sizes
        roots: dict[int, set] = {}
        for request, answer in taps[witnesses[0].name].pairs:
            if request.startswith(b"POST") and answer.startswith(b"HTTP/1.1 200"):
                note = request.decode().split("\n\n")[-2].split("\n")
                roots.setdefault(int(note[1]), set()).add(note[2])
        assert len(roots) > 3 and all(len(r) == 1 for r in roots.values()), roots


HASH = r"[A-Za-z0-9+/]{43}="


@test
def privacy_a_witness_hears_nothing_that_a_guess_could_be_tested_on():
    with tapped() as (folder, witnesses, taps):
        with Serving(folder.data) as server:
            documents = []
            for i in range(2, 12):
                documents.append(taken(server, i))
                if i % 3 == 0:
                    settled(server, i)
            settled(server, 11)
        vkeys = vkeys_of(folder.data)
        origin = vkeys[0].split("+")[0]
        sent = b"".join(bytes(t.sent) for t in taps.values()).replace(origin.encode(), b"")  # "fapiao.local/…"
        requests = [r for t in taps.values() for r, _ in t.pairs]
        assert len(requests) >= 6
        # What it hears has no room for more: heads of three lines, then sizes, hashes, our signatures.
        for request in requests:
            head, _, body = request.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            names = {line.split(":")[0] for line in lines[1:]}
            assert names <= {"Host", "Accept", "Content-Length"}, lines
            if lines[0].startswith("GET"):
                assert re.fullmatch(rf"GET /{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint HTTP/1.1", lines[0]), lines
                continue
            assert lines[0] == "POST /add-checkpoint HTTP/1.1", lines
            shape = rf"old \d+\n(?:{HASH}\n)*\n{re.escape(origin)}\n\d+\n{HASH}\n\n(?:{SIGNATURE}{re.escape(origin)} [A-Za-z0-9+/]+=*\n)+"
            assert re.fullmatch(shape, body.decode()), body.decode()
        # Everything that somebody outside could guess, in every form they could make of it without our keys.
        guesses = {"local", "测试销方有限公司", "测试购方有限公司", "106.00", "2026-01-15"}
        for i, document in enumerate(documents, 2):
            guesses |= {number(i), document["reference"], document["sha256"], document["invoices"][0]["id"], f"{i}.xml"}
        guesses |= set(re.findall(r"[0-9A-Z]{18}", invoice_xml(number(2)).decode()))
        raw = {g.encode() for g in guesses} | {invoice_xml(number(i)) for i in range(1, 12)}
        raw |= {bytes.fromhex(g.replace("-", "")) for g in guesses if re.fullmatch(r"[0-9a-f-]{32,64}", g)}
        keys = [b"", bytes(32), origin.encode(), *(base64.b64decode(v.split("+", 2)[2])[1:] for v in vkeys)]
        labels = [b"", b"\0", b"fapiao/commit/v1\n", b"fapiao/commit/v1\n" + bytes(32), b"fapiao/subject/v1\n", b"fapiao/tenant/v1\n"]
        hashes = {hashlib.sha256(label + r).digest() for label in labels for r in raw}
        hashes |= {hmac.new(key, label + r, "sha256").digest() for key in keys for label in labels for r in raw}
        # A leaf of an opening without a salt: the hash that such a log would have shown.
        hashes |= {hashlib.sha256(b"\0" + h).digest() for h in set(hashes)}
        decoded = sent + b"".join(base64.b64decode(m) for m in re.findall(HASH.encode(), sent))
        decoded += b"".join(base64.b64decode(m + b"==") for m in re.findall(rb" ([A-Za-z0-9+/]{90,}=*)\n", sent))
        for secret in {r for r in raw if len(r) >= 5} | hashes:
            for form in (secret, secret.hex().encode(), base64.b64encode(secret)):
                assert form not in decoded, (secret[:40], form[:60])
        assert base64.b64encode(hashlib.sha256(b"x").digest()) not in decoded  # and the search itself can find one:
        root = witnesses[0].newest()[1]
        assert base64.b64decode(root) in decoded and root.encode() in decoded


main()
