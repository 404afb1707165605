#!/usr/bin/env python3
"""A zip of invoices: each file in it becomes a document of its own, none is lost and none comes twice."""
import base64
import datetime
import hashlib
import json
import os
import signal
import time

from house import Folder, Serving, Skip, invoice_xml, main, read, run, test, FAPIAO
from makers import archive, entry, ofd

TERMS = ("accepted", "duplicate", "conflict", "quarantined", "rejected", "in_progress")


def number(i: int) -> str:
    return f"26112000000000{i:06d}"


def zipped(*files: tuple[str, bytes]) -> bytes:
    return archive([entry(name if isinstance(name, bytes) else name.encode(), content) for name, content in files])


def mixed() -> bytes:
    """Two invoices in folders (one name in GBK), the same file again, one that is none, and what a Mac leaves behind."""
    return zipped(("a.xml", invoice_xml(number(1))), ("十一月/b.xml", invoice_xml(number(2))),
                  ("又一次".encode("gbk") + b".xml", invoice_xml(number(1))), ("readme.txt", b"hello"), ("十一月/", b""),
                  ("__MACOSX/._a.xml", b"x"), (".DS_Store", b"x"), ("Thumbs.db", b"x"), ("empty.xml", b""))


def balanced(server: Serving) -> dict:
    """Today's equation, which holds at every moment."""
    day = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=8)).date().isoformat()
    sums = server.get(f"/api/v1/days/{day}")
    for one in (sums, *sums["sources"]):
        assert one["received"] == sum(one[t] for t in TERMS), one
        assert one["received"] == one["handed_in"] + one["carried"] + one["released"] + one["rejected"] - one["unpacked"], one
    return sums


@test
def every_file_of_a_zip_is_a_document_and_the_zip_itself_is_kept():
    with Folder() as folder, Serving(folder.data) as server:
        status, zip_ = server.upload("all.zip", mixed())
        assert status == 201 and zip_["state"] == "unpacked" and zip_["media"] == "zip" and zip_["container"] is None, zip_
        entries = zip_["entries"]
        assert [(e["file_name"], e["state"]) for e in entries["items"]] == [
            ("a.xml", "accepted"), ("十一月/b.xml", "accepted"), ("又一次.xml", "duplicate"), ("readme.txt", "quarantined")], entries
        assert entries["count"] == 4 and entries["next_cursor"] is None, entries
        assert (entries["skipped"], entries["skipped_names"]) == (4, ["__MACOSX/._a.xml", ".DS_Store", "Thumbs.db", "empty.xml"]), entries
        assert entries["items"][2]["first_reference"] == entries["items"][0]["reference"]
        assert entries["items"][1]["invoices"][0]["number"] == number(2)
        assert folder.original(zip_["reference"]) == mixed()
        one = server.get(f"/api/v1/documents/{entries['items'][1]['reference']}")
        assert one["container"] == {"reference": zip_["reference"], "file_name": "all.zip"} and one["source"] == "http", one
        assert one["entries"] is None and one["file_name"] == "十一月/b.xml"
        assert one["sha256"] == hashlib.sha256(invoice_xml(number(2))).hexdigest()
        assert folder.original(one["reference"]) == invoice_xml(number(2))
        listed = server.get("/api/v1/documents?state=unpacked")["items"]
        assert [d["reference"] for d in listed] == [zip_["reference"]] and listed[0]["entries"]["count"] == 4, listed
        sums = balanced(server)
        assert (sums["received"], sums["accepted"], sums["duplicate"], sums["quarantined"], sums["unpacked"]) == (4, 2, 1, 1, 1), sums
        assert server.get("/api/v1/today")["received"] == 4
        for reference in (zip_["reference"], one["reference"]):
            status, _, proof = server.request("GET", f"/api/v1/documents/{reference}/receipt?wait=proof")
            assert status == 200 and proof, (status, proof)
        # The same bytes again are a duplicate, and nothing is unpacked a second time.
        status, again = server.upload("again.zip", mixed())
        assert (status, again["state"], again["first_reference"]) == (200, "duplicate", zip_["reference"]), again
        sums = balanced(server)
        assert (sums["received"], sums["duplicate"], sums["unpacked"]) == (5, 2, 1), sums


@test
def a_zip_in_chunks_is_unpacked_as_well():
    with Folder() as folder, Serving(folder.data) as server:
        content = mixed()
        name = base64.b64encode("发票.zip".encode()).decode()
        status, headers, _ = server.request("POST", "/api/v1/uploads", b"", Tus_Resumable="1.0.0", Upload_Length=str(len(content)),
                                            Upload_Metadata=f"filename {name}")
        assert status == 201, status
        status, headers, _ = server.request("PATCH", headers["Location"], content, Tus_Resumable="1.0.0", Upload_Offset="0",
                                            Content_Type="application/offset+octet-stream")
        assert status == 204, status
        for _ in range(500):
            zip_ = server.get(f"/api/v1/documents/{headers['Fapiao-Reference']}")
            if zip_["state"] == "unpacked" and all(e["state"] != "received" for e in zip_["entries"]["items"]):
                break
            time.sleep(0.02)
        assert zip_["entries"]["count"] == 4 and zip_["file_name"] == "发票.zip", zip_


def check_line(line: dict) -> None:
    assert line["state"] == "accepted" and line["reason"] == "", line
    assert [(e["file"], e["state"]) for e in line["entries"]] == [
        ("a.xml", "accepted"), ("inner.zip/c.xml", "accepted"), ("readme.txt", "quarantined")], line
    assert [i["number"] for i in line["invoices"]] == [number(1), number(3)], line
    assert line["entries"][2]["reason"] == "unsupported", line


def nested() -> bytes:
    return zipped(("a.xml", invoice_xml(number(1))), ("inner.zip", zipped(("c.xml", invoice_xml(number(3))))), ("readme.txt", b"hello"))


@test
def an_import_prints_one_line_for_a_zip_with_its_files():
    with Folder() as folder:
        file, bad, twice = (folder.top / n for n in ("all.zip", "bad.zip", "twice.zip"))
        file.write_bytes(nested())
        bad.write_bytes(zipped(("other.txt", b"neither")))
        twice.write_bytes(zipped(("x.xml", invoice_xml(number(1)))))
        done = run(FAPIAO, "import", "--data", folder.data, file)
        line = json.loads(done.stdout)
        check_line(line)
        assert done.returncode == 3 and b"received 3 =" in done.stderr.replace("收到 ".encode(), b""), (done.returncode, done.stderr)
        assert line["sha256"] == hashlib.sha256(nested()).hexdigest()
        lines = folder.import_(bad, twice, file)
        by = {os.path.basename(x["file"]): x for x in lines}
        assert (by["bad.zip"]["state"], by["bad.zip"]["reason"]) == ("quarantined", "unsupported"), by["bad.zip"]
        assert by["twice.zip"]["state"] == "duplicate" and by["twice.zip"]["reason"] == "", by["twice.zip"]
        assert by["twice.zip"]["invoices"][0]["number"] == number(1)
        assert by["all.zip"]["state"] == "duplicate" and by["all.zip"]["reference"] == line["reference"], by["all.zip"]
        assert [i["number"] for i in by["all.zip"]["invoices"]] == [number(1), number(3)], by["all.zip"]
        seen, code = read(file)
        assert (seen[0]["documents"] if "documents" in seen[0] else []) == [] and code == 3, seen
        assert run(FAPIAO, "rebuild", "--data", folder.data).returncode == 0
        audit = run(FAPIAO, "audit", "--data", folder.data)
        assert audit.returncode == 0, audit.stdout.decode() + audit.stderr.decode()
        assert folder.import_(file)[0]["invoices"] == by["all.zip"]["invoices"]


@test
def an_import_through_a_running_server_prints_the_same():
    with Folder() as folder, Serving(folder.data) as server:
        file = folder.top / "all.zip"
        file.write_bytes(nested())
        check_line(folder.import_(file)[0])
        balanced(server)


@test
def hostile_empty_and_too_deep_zips_give_no_document():
    hostile = {
        "up.zip": (zipped(("a.xml", invoice_xml(number(1))), ("../b.xml", b"<a/>")), "hostile"),
        "twice.zip": (zipped(("a.xml", invoice_xml(number(1))), ("A.XML", b"<a/>")), "hostile"),
        "two.zip": (archive([entry(b"a.xml", b"<a/>", local_name=b"b.xml")]), "hostile"),
        "bomb.zip": (zipped(("a.xml", bytes(30 << 20))), "hostile"),
        "many.zip": (zipped(*((f"{i}.xml", b"<a/>") for i in range(20_000))), "hostile"),
        "cut.zip": (zipped(("a.xml", invoice_xml(number(1))))[:-30], "damaged"),
        "empty.zip": (zipped(), "no_files"),
        "folder.zip": (zipped(("a/", b""), (".DS_Store", b"x")), "no_files"),
        "office.docx": (zipped(("[Content_Types].xml", b"<a/>")), "unsupported"),
    }
    with Folder() as folder, Serving(folder.data) as server:
        for name, (content, reason) in hostile.items():
            _, answer = server.upload(name, content)
            assert (answer["state"], answer["reason"]["code"], answer["entries"]) == ("quarantined", reason, None), (name, answer)
        sums = balanced(server)
        assert sums["received"] == sums["quarantined"] == len(hostile), sums
        _, shell = server.upload("a.ofd", ofd())
        assert shell["media"] == "ofd", shell
        _, deep = server.upload("1.zip", zipped(("2.zip", zipped(("3.zip", zipped(("a.xml", invoice_xml(number(7)))))))))
        second = server.get(f"/api/v1/documents/{deep['entries']['items'][0]['reference']}")
        third = second["entries"]["items"][0]
        assert (second["state"], third["state"], third["reason"]["code"]) == ("unpacked", "quarantined", "hostile"), (deep, second)
        balanced(server)


@test
def a_zip_of_many_is_shown_page_by_page():
    with Folder() as folder, Serving(folder.data) as server:
        _, zip_ = server.upload("many.zip", zipped(*((f"{i}.txt", b"no invoice %d" % i) for i in range(450))))
        names = [e["file_name"] for e in zip_["entries"]["items"]]
        while zip_["entries"]["next_cursor"]:
            zip_ = server.get(f"/api/v1/documents/{zip_['reference']}?entries={zip_['entries']['next_cursor']}")
            names += [e["file_name"] for e in zip_["entries"]["items"]]
        assert names == [f"{i}.txt" for i in range(450)], len(names)
        assert zip_["entries"]["count"] == 450
        balanced(server)


@test
def killed_while_it_unpacks_none_is_lost_and_none_comes_twice():
    count = 900
    content = zipped(*((f"{i}.txt", b"no invoice, but file %d" % i) for i in range(count)))
    with Folder() as folder:
        cut = 0
        for round_ in range(6):
            with Serving(folder.data) as server:
                if round_ == 0:
                    _, zip_ = server.upload("many.zip", content, query="")
                time.sleep(0.04 * round_)
                balanced(server)
                state = server.get(f"/api/v1/documents/{zip_['reference']}")
                cut += state["state"] == "received"
                server.process.send_signal(signal.SIGKILL)
                server.process.wait()
        if cut == 0:
            raise Skip("the zip was unpacked before the first kill")
        with Serving(folder.data) as server:
            begun = time.monotonic()
            while balanced(server)["in_progress"] > 0:
                assert time.monotonic() - begun < 120, "it does not come to an end"
                time.sleep(0.05)
            sums = balanced(server)
            assert (sums["received"], sums["quarantined"], sums["duplicate"], sums["unpacked"]) == (count, count, 0, 1), sums
            zip_ = server.get(f"/api/v1/documents/{zip_['reference']}")
            assert zip_["state"] == "unpacked" and zip_["entries"]["count"] == count, zip_["state"]
        audit = run(FAPIAO, "audit", "--data", folder.data)
        assert audit.returncode == 0, audit.stdout.decode() + audit.stderr.decode()


if __name__ == "__main__":
    main()
