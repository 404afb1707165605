#!/usr/bin/env python3
"""Import, original, verify: by command and by a running server, as a user would."""
import hashlib
import json
import os
import resource
import subprocess

from house import FAPIAO, Folder, Serving, invoice_xml, main, read, run, test
from makers import DOCUMENT_XML, OFD_XML, archive, entry

A = "26112000000000000017"
B = "26112000000000000025"


@test
def an_import_is_kept_byte_for_byte_and_never_twice():
    with Folder() as folder:
        first, same, junk, empty = (folder.top / n for n in ("a.xml", "b.xml", "c.xml", "d.xml"))
        first.write_bytes(invoice_xml(A))
        same.write_bytes(invoice_xml(A))
        junk.write_bytes(b"<?xml version='1.0'?><receipt>100.00</receipt>")
        empty.write_bytes(b"")
        lines = {os.path.basename(line["file"]): line for line in folder.import_(first, same, junk, empty)}
        assert lines["a.xml"]["state"] == "accepted" and lines["a.xml"]["invoices"][0]["number"] == A, lines
        assert lines["a.xml"]["invoices"][0]["relation"] == "new"
        assert lines["a.xml"]["sha256"] == hashlib.sha256(invoice_xml(A)).hexdigest()
        assert lines["b.xml"]["state"] == "duplicate" and lines["b.xml"]["reference"] == lines["a.xml"]["reference"], lines
        assert lines["c.xml"]["state"] == "quarantined" and lines["c.xml"]["reason"] == "not_invoice", lines
        assert lines["d.xml"]["state"] == "rejected" and lines["d.xml"]["reference"] == "", lines
        assert folder.original(lines["a.xml"]["reference"]) == invoice_xml(A)
        assert folder.original(lines["c.xml"]["reference"]) == junk.read_bytes()
        again = folder.import_(first)
        assert again[0]["state"] == "duplicate" and again[0]["reference"] == lines["a.xml"]["reference"], again


@test
def another_carrier_joins_and_a_contradiction_stands_beside():
    with Folder() as folder:
        one, carrier, contrary = (folder.top / n for n in ("1.xml", "2.xml", "3.xml"))
        one.write_bytes(invoice_xml(A))
        carrier.write_bytes(invoice_xml(A, remark="另一份"))
        contrary.write_bytes(invoice_xml(A, total="206.00", amount="200.00"))
        states = [(line["state"], line["invoices"][0]["relation"]) for p in (one, carrier, contrary) for line in folder.import_(p)]
        assert states == [("accepted", "new"), ("accepted", "carrier"), ("conflict", "variant")], states
        answer = folder.verify(number=A, date="2026-01-15", total="106.00")
        assert answer["result"] == "match" and answer["conflict"] is True and answer["basis"] == "unsigned_file", answer


@test
def an_invoice_on_paper_has_two_identities_and_is_one_invoice():
    """数电纸质发票: known by code and number, and by the 20 digits; a document of either kind is one of its carriers."""
    code, number = "011002300105", "12345678"

    def custom(**data: str) -> bytes:
        words = "".join(f'<ofd:CustomData Name="{name}">{value}</ofd:CustomData>' for name, value in data.items())
        head = OFD_XML.replace(b"</ofd:DocInfo>", f"<ofd:CustomDatas>{words}</ofd:CustomDatas></ofd:DocInfo>".encode())
        return archive([entry(b"OFD.xml", head), entry(b"Doc_0/Document.xml", DOCUMENT_XML)])

    rest = {"开票日期": "2026年01月15日", "合计金额": "100.00", "合计税额": "6.00", "价税合计": "106.00", "校验码": "01234567890123456789"}
    with Folder() as folder:
        files = {"alone.xml": invoice_xml(A),
                 "both.ofd": custom(发票代码=code, 发票号码=number, 数电发票号码=A, **rest),
                 "plain.ofd": custom(发票代码=code, 发票号码=number, **rest)}
        rows = []
        for name, content in files.items():
            (folder.top / name).write_bytes(content)
            rows += folder.import_(folder.top / name)
        assert [(r["state"], r["invoices"][0]["relation"]) for r in rows] == [("accepted", "new"), ("accepted", "carrier"), ("accepted", "carrier")], rows
        seen = read(folder.top / "both.ofd")[0][0]["documents"][0]
        assert (seen["kind"], seen["code"], seen["number"], seen["digital_number"]) == ("86", code, number, A), seen
        for asked in ({"number": A, "total": "106.00"}, {"number": number, "code": code, "check_code": "456789"}):
            answer = folder.verify(date="2026-01-15", **asked)
            assert answer["result"] == "match" and answer["conflict"] is False and answer["state"] == "normal", (asked, answer)
        with Serving(folder.data) as server:
            for asked in (f"number={A}", f"number={A[:9]}", f"number={number}", f"q={A}"):
                page = server.get(f"/api/v1/invoices?{asked}")
                assert [(row["code"], row["number"]) for row in page["items"]] == [(code, number)], (asked, page)
            draft = server.get(f"/api/v1/invoices/{page['items'][0]['id']}")["draft"]
            assert draft["digital_number"] == A and draft["fields"]["digital_number"]["source"] in ("xml", "custom_data"), draft
        assert run(FAPIAO, "rebuild", "--data", folder.data).returncode == 0
        done = run(FAPIAO, "audit", "--data", folder.data, "--json")
        assert done.returncode == 0, done.stdout
        assert folder.verify(date="2026-01-15", number=A, total="106.00")["result"] == "match"


@test
def a_signature_that_nothing_documents_is_present_and_not_checked():
    with Folder() as folder:
        file = folder.top / "a.xml"
        file.write_bytes(invoice_xml(A).replace(b"</EInvoice>", b"<TaxBureauSignature><SignatureValue>x</SignatureValue></TaxBureauSignature></EInvoice>"))
        seal = read(file)[0][0]["documents"][0]["seal"]
        assert seal["state"] == "unchecked" and seal["reasons"], seal
        folder.import_(file)
        assert folder.verify(number=A, date="2026-01-15", total="106.00")["basis"] == "unsigned_file"


@test
def verifying_says_match_mismatch_or_not_found():
    with Folder() as folder:
        file = folder.top / "a.xml"
        file.write_bytes(invoice_xml(A))
        folder.import_(file)
        good = folder.verify(number=A, date="2026-01-15", total="106.00")
        assert (good["result"], good["state"], good["basis"], good["conflict"], good["mismatch"]) == ("match", "normal", "unsigned_file", False, []), good
        bad = folder.verify(number=A, date="2026-01-15", total="100.00")
        assert bad["result"] == "mismatch" and bad["mismatch"] == ["total"], bad
        none = folder.verify(number=B, date="2026-01-15", total="106.00")
        assert none["result"] == "not_found", none
        assert run(FAPIAO, "verify", "--data", folder.data, "--number", A, "--json").returncode == 2


@test
def commands_reach_a_running_server_and_the_same_key_is_answered_alike():
    with Folder() as folder, Serving(folder.data) as server:
        file = folder.top / "a.xml"
        file.write_bytes(invoice_xml(A))
        line = folder.import_(file)[0]
        assert line["state"] == "accepted", line
        assert server.get(f"/api/v1/documents/{line['reference']}")["state"] == "accepted"
        assert folder.original(line["reference"]) == invoice_xml(A)
        assert folder.verify(number=A, date="2026-01-15", total="106.00")["result"] == "match"
        status, first = server.upload("b.xml", invoice_xml(B), Idempotency_Key="k-1")
        assert status == 201 and first["state"] == "accepted", first
        status, again = server.upload("b.xml", invoice_xml(B), Idempotency_Key="k-1")
        assert status == 200 and again["reference"] == first["reference"], again
        status, other = server.upload("b.xml", invoice_xml(A), Idempotency_Key="k-1")
        assert status == 409 and other["title"] and other["title_en"], other


def many_files(top):
    """120 invoices, ten of them twice, and what is none: empty, junk, and so much junk that it goes in chunks."""
    (top / "in/deeper").mkdir(parents=True)
    for i in range(120):
        (top / f"in/{i:03}.xml").write_bytes(invoice_xml(f"2611200000001000{i:04}"))
    for i in range(0, 120, 12):
        (top / f"in/deeper/{i:03}.xml").write_bytes(invoice_xml(f"2611200000001000{i:04}"))
    (top / "in/deeper/empty.xml").write_bytes(b"")
    (top / "in/deeper/junk.xml").write_bytes(b"junk")
    (top / "in/large.bin").write_bytes(b"x" * (9 << 20))
    return top / "in"


@test
def a_folder_is_taken_in_beside_a_server_as_without_one():
    def told(done):
        lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
        assert len(lines) == len({line["file"] for line in lines}) == 133, len(lines)
        kept = [line["reference"] for line in lines if line["reference"]]
        assert len(kept) == 132 and len(set(kept)) == 122, (len(kept), len(set(kept)))  # a duplicate names the first
        # Of the same bytes either may be the first.
        return done.returncode, sorted((line["sha256"], line["state"], line["reason"] and line["state"] != "duplicate" and line["reason"]) for line in lines)

    with Folder() as alone, Folder() as served:
        before = told(run(FAPIAO, "import", "--data", alone.data, many_files(alone.top)))
        with Serving(served.data) as server:
            assert told(run(FAPIAO, "import", "--data", served.data, many_files(served.top))) == before
            assert server.get("/api/v1/today")["received"] == 133
        assert before[0] == 4 and sum(state == "accepted" for _, state, _ in before[1]) == 120


@test
def when_the_server_is_killed_the_import_ends_and_what_it_told_is_there():
    with Folder() as folder:
        files = many_files(folder.top)
        with Serving(folder.data) as server:
            importing = subprocess.Popen([FAPIAO, "import", "--data", folder.data, files], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            first = [importing.stdout.readline() for _ in range(5)]
            server.process.kill()
            rest, said = importing.communicate(timeout=60)
        lines = [json.loads(line) for line in [*first, *rest.splitlines()]]
        failed = said.count(b"did not answer")
        assert importing.returncode == 4 and len(lines) + failed == 133 and failed > 0, (importing.returncode, len(lines), said[-300:])
        with Serving(folder.data) as server:
            for line in lines:
                if line["reference"]:
                    assert server.get(f"/api/v1/documents/{line['reference']}")["sha256"] == line["sha256"], line


@test
def the_list_finds_filters_and_says_what_it_hides():
    with Folder() as folder, Serving(folder.data) as server:
        for i in range(12):
            number = f"261120000000000010{i:02d}"
            assert server.upload(f"{i}.xml", invoice_xml(number, date=f"2026-0{1 + i % 3}-10", seller=f"销方{'甲乙丙'[i % 3]}公司"))[0] == 201
        everything = server.get("/api/v1/invoices?limit=5")
        assert len(everything["items"]) == 5 and everything["total"]["count"] == 12 and everything["total"]["total"] == "1272.00", everything
        seen, cursor = [], None
        while True:
            page = server.get("/api/v1/invoices?limit=5" + (f"&cursor={cursor}" if cursor else ""))
            seen += [item["number"] for item in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == 12, seen
        from urllib.parse import quote
        some = server.get(f"/api/v1/invoices?seller={quote('甲公')}")
        assert some["total"]["count"] == 4 and some["hidden"] == 8, some
        month = server.get("/api/v1/invoices?date_from=2026-02-01&date_to=2026-02-28")
        assert month["total"]["count"] == 4, month
        detail = server.get(f"/api/v1/invoices/{everything['items'][0]['id']}")
        assert detail["draft"]["lines"][0]["name"] == "*餐饮服务*餐费" and detail["documents"][0]["reference"], detail
        today = server.get("/api/v1/today")
        parts = sum(today[k] for k in ("accepted", "duplicate", "conflict", "quarantined", "rejected", "in_progress"))
        assert today["received"] == parts == 12, today


@test
def a_folder_is_named_as_it_was_given_with_one_slash():
    with Folder() as folder:
        below = folder.top / "in" / "deep"
        below.mkdir(parents=True)
        (below / "a.xml").write_bytes(invoice_xml(A))
        for given in (f"{folder.top}/in", f"{folder.top}/in/"):
            assert [line["file"] for line in folder.import_(given)] == [str(below / "a.xml")], given


@test
def strangers_get_five_tries_a_number_a_day():
    with Folder() as folder, Serving(folder.data) as server:
        server.upload("a.xml", invoice_xml(A))
        question = {"number": A, "issue_date": "2026-01-15", "total": "106.00"}
        assert [server.post_json("/api/v1/verifications", question)[0] for _ in range(6)] == [200] * 5 + [429]
        assert server.post_json("/api/v1/verifications", {**question, "number": B})[1]["result"] == "not_found"


@test
def errors_are_problem_documents_in_two_languages():
    with Folder() as folder, Serving(folder.data) as server:
        for method, path, body, want in (("GET", "/api/v1/documents/R-2026-999999", None, 404), ("GET", "/api/v1/nothing", None, 404),
                                         ("POST", "/api/v1/verifications", b"{", 400), ("DELETE", "/api/v1/invoices", None, 405)):
            status, headers, answer = server.request(method, path, body, Content_Type="application/json")
            problem = json.loads(answer)
            assert status == want and headers["Content-Type"].startswith("application/problem+json"), (path, status, headers)
            assert problem["title"] and problem["title_en"] and problem["status"] == want, problem


@test
def where_there_is_no_room_each_file_is_told_to_be_rejected():
    """A file that may grow to 2 MiB alone stands for a disk that is full."""
    room = (2 * 2**20, 2 * 2**20)
    files = {"small.xml": invoice_xml(A), "middle.bin": os.urandom(3 * 2**20), "large.bin": os.urandom(9 * 2**20)}
    with Folder() as folder:
        for name, content in files.items():
            (folder.top / name).write_bytes(content)
        paths = [folder.top / name for name in files]
        want = {"small.xml": ("accepted", ""), "middle.bin": ("rejected", "no_room"), "large.bin": ("rejected", "no_room")}

        def lines(done) -> dict:
            found = [json.loads(line) for line in done.stdout.decode().splitlines()]
            assert all(one["sha256"] == hashlib.sha256(files[os.path.basename(one["file"])]).hexdigest() for one in found), found
            assert done.returncode == 4, (done.returncode, done.stderr.decode())
            return {os.path.basename(one["file"]): (one["state"], one["reason"]) for one in found}

        alone = run(FAPIAO, "import", "--data", folder.top / "alone", *paths,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, room))
        assert lines(alone) == want, alone
        with Serving(folder.data) as server:
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, room)
            assert lines(run(FAPIAO, "import", "--data", folder.data, *paths)) == want
            assert not any((folder.data / "uploads").iterdir()), "what nobody goes on with is left on the disk"
            status, problem = server.upload("middle.bin", files["middle.bin"])
            assert (status, problem["code"]) == (507, "no_room"), problem
            tus = {"Tus_Resumable": "1.0.0"}
            status, heads, _ = server.request("POST", "/api/v1/uploads", b"", Upload_Length=str(9 * 2**20), **tus)
            assert status == 201
            status, _, problem = server.request("PATCH", heads["Location"], files["large.bin"][:4 * 2**20], Upload_Offset="0",
                                                Content_Type="application/offset+octet-stream", **tus)
            assert (status, json.loads(problem)["code"]) == (507, "no_room"), problem


main()
