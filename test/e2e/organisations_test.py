#!/usr/bin/env python3
"""Two organisations in one folder, as commands and the server keep them apart; verification alone crosses."""
import json
import re

from house import FAPIAO, Folder, Serving, invoice_xml, main, run, test

SHARED, THEIRS = "26112000000000003001", "26112000000000003002"


def organisation(folder: Folder, *words: str) -> str:
    done = run(FAPIAO, "organisation", *words, "--data", folder.data)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def import_into(folder: Folder, tenant: str | None, *paths) -> list[dict]:
    options = ["--organisation", tenant] if tenant else []
    done = run(FAPIAO, "import", "--data", folder.data, *options, *paths)
    assert done.returncode == 0, done.stderr.decode()
    # One line each as soon as each is decided: in no order of theirs.
    return sorted((json.loads(line) for line in done.stdout.decode().splitlines()), key=lambda d: d["file"])


def files(folder: Folder) -> tuple:
    shared, theirs = folder.top / "shared.xml", folder.top / "theirs.xml"
    shared.write_bytes(invoice_xml(SHARED))
    theirs.write_bytes(invoice_xml(THEIRS, total="212.00", amount="200.00", tax="12.00"))
    return shared, theirs


def east_of(folder: Folder) -> str:
    return json.loads(organisation(folder, "add", "--name", "东方有限公司"))["id"]


def command(folder: Folder, verb: str, tenant: str | None, *words) -> int:
    options = ["--organisation", tenant] if tenant else []
    return run(FAPIAO, verb, "--data", folder.data, *options, *words).returncode


@test
def apart_by_command():
    """The same file is two documents with a reference each, and a reference leads nowhere in another organisation."""
    with Folder() as folder:
        shared, theirs = files(folder)
        ours = import_into(folder, None, shared)
        east = east_of(folder)
        had = import_into(folder, east, shared, theirs)
        assert [d["state"] for d in ours + had] == ["accepted"] * 3, (ours, had)
        assert ours[0]["reference"] == had[0]["reference"] and ours[0]["reference"].endswith("-000001")
        second = had[1]["reference"]
        assert second.endswith("-000002")
        assert command(folder, "original", None, second) != 0 and command(folder, "original", east, second) == 0
        assert command(folder, "receipt", None, "--promise", second) != 0
        assert command(folder, "receipt", east, "--promise", second) == 0
        assert command(folder, "retry", None, second) != 0
        assert command(folder, "import", "nowhere", theirs) != 0
        # Ours comes upon theirs only when it is handed in here: as something new.
        assert import_into(folder, None, theirs)[0]["state"] == "accepted"
        answer = folder.verify(number=THEIRS, date="2026-01-15", total="212.00")
        assert answer["result"] == "match" and not answer["conflict"], answer
        assert east not in json.dumps(answer)
        audit = run(FAPIAO, "audit", "--data", folder.data)
        assert audit.returncode == 0, audit.stdout.decode() + audit.stderr.decode()


@test
def apart_beside_a_server():
    """Commands go through the socket into the organisation they name; over TCP nobody can name one."""
    with Folder() as folder:
        shared, theirs = files(folder)
        import_into(folder, None, shared)
        with Serving(folder.data) as server:
            east = east_of(folder)
            had = import_into(folder, east, shared, theirs)
            assert [d["state"] for d in had] == ["accepted"] * 2, had
            assert import_into(folder, east, theirs)[0]["state"] == "duplicate"
            assert server.get("/api/v1/today")["received"] == 1
            assert server.get("/api/v1/invoices")["total"]["count"] == 1
            status, _, body = server.request("GET", "/api/v1/documents", Fapiao_Organisation=east)
            assert status == 200 and len(json.loads(body)["items"]) == 1
            # Each organisation counts for itself, and either file may have come first: of ours there is no second.
            first, second = sorted(d["reference"] for d in had)
            assert server.request("GET", f"/api/v1/documents/{second}")[0] == 404
            assert server.get(f"/api/v1/documents/{first}")["file_name"] == shared.name
            question = {"number": THEIRS, "issue_date": "2026-01-15", "total": "212.00"}
            status, answer = server.post_json("/api/v1/verifications", question)
            assert status == 200 and answer["result"] == "match", answer
            assert east not in json.dumps(answer) and second not in json.dumps(answer)
            link = organisation(folder, "invite", "--organisation", east, "--mail", "li@b.example", "--roles", "reader,issuer",
                                "--site", "https://fapiao.example")
            assert re.fullmatch(r"https://fapiao\.example/invitation#[\w.-]{20,}\s*", link), link
            listed = [json.loads(line) for line in organisation(folder, "list").splitlines()]
            assert {"id": east, "name": "东方有限公司"}.items() <= next(o for o in listed if o["id"] == east).items()


@test
def days_of_each():
    """A rebuild and a reconciliation go over all organisations."""
    with Folder() as folder:
        shared, theirs = files(folder)
        import_into(folder, None, shared)
        east = east_of(folder)
        had = import_into(folder, east, shared, theirs)
        assert run(FAPIAO, "rebuild", "--data", folder.data).returncode == 0
        again = import_into(folder, east, theirs)[0]
        assert again["state"] == "duplicate" and again["reference"] == had[1]["reference"], again
        assert command(folder, "original", east, had[1]["reference"]) == 0
        assert command(folder, "original", None, had[1]["reference"]) != 0
        done = run(FAPIAO, "sync", "--data", folder.data)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


main()
