#!/usr/bin/env python3
"""A document's content is erased by two persons: nothing of it can be had any more, and that it was there is proved still."""
import json
import urllib.error
import urllib.request

from house import BUILD, FAPIAO, Folder, Serving, invoice_xml, main, run, test

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


if __name__ == "__main__":
    main()
