#!/usr/bin/env python3
"""The audit log over HTTP: filters, pages, exports; who may read it, and nobody another organisation's."""
import base64
import csv
import hashlib
import hmac
import io
import json
import struct
import subprocess
import time

from house import FAPIAO, Folder, Serving, main, run, test

PASSWORD = "correct horse battery"
EXPORTS = ("/api/v1/audit.csv", "/api/v1/audit.ndjson")


class Site(Serving):
    """A server that trusts nobody for where they are."""
    OPEN = ()

    def ask(self, method: str, path: str, token: str = "", body: dict | None = None) -> tuple[int, dict, bytes]:
        headers = {"Cookie": f"__Host-fapiao={token}"} if token else {}
        return self.request(method, path, None if body is None else json.dumps(body).encode(), Content_Type="application/json", **headers)

    def audit(self, token: str, query: str = "") -> dict:
        status, _, body = self.ask("GET", "/api/v1/audit" + query, token)
        assert status == 200, (query, status, body)
        return json.loads(body)


def command(folder: Folder, *words: str) -> str:
    done = run(FAPIAO, *words, "--data", folder.data)
    assert done.returncode == 0, (words, done.stderr.decode())
    return done.stdout.decode()


def totp(secret: str) -> str:
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time() // 30)), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def cookie_of(heads: dict) -> str:
    return heads["Set-Cookie"].split(";")[0].split("=")[1]


class Scene:
    """Two organisations with an administrator each, an issuer, the platform's three administrators: all signed in."""

    def __init__(self, folder: Folder, site: Site):
        self.site, self.tokens = site, {}
        self.east = json.loads(command(folder, "organisation", "add", "--name", "东方有限公司"))["id"]
        for login, role, where in (("chief", "org_admin", "local"), ("clerk", "issuer", "local"), ("east", "org_admin", self.east),
                                   ("audit_admin", "audit_admin", ""), ("system_admin", "system_admin", ""), ("security_admin", "security_admin", "")):
            words = [FAPIAO, "user", "add", login, "--role", role, "--password-stdin", "--data", folder.data] + (["--organisation", where] if where else [])
            done = subprocess.run(words, input=PASSWORD.encode() + b"\n", capture_output=True, timeout=60)
            assert done.returncode == 0, done.stderr.decode()
            self.tokens[login] = self.sign_in(login)

    def sign_in(self, login: str) -> str:
        """With a second factor, made at once, for whom the policy wants one."""
        status, heads, body = self.site.ask("POST", "/api/v1/session", body={"login": login, "password": PASSWORD})
        assert status == 200, (login, body)
        weak = cookie_of(heads)
        if not json.loads(self.site.ask("GET", "/api/v1/session", weak)[2])["factor_wanted"]:
            return weak
        secret = json.loads(self.site.ask("POST", "/api/v1/account/factor", weak)[2])["secret"]
        status, heads, body = self.site.ask("POST", "/api/v1/account/factor/confirmation", weak, {"code": totp(secret)})
        assert status == 200, (login, body)
        return cookie_of(heads)

    def refusals(self, login: str = "east", year: int = 2026) -> None:
        """Asks for erasures of what is not there: an entry each."""
        for i in range(7):
            assert self.site.ask("POST", "/api/v1/erasures", self.tokens[login], {"reference": f"R-{year}-{i:06d}", "reason": "court_order"})[0] == 404


@test
def only_auditors_read_it():
    """Strangers and those with another role are refused; nobody chooses another organisation; refusals are entries themselves."""
    with Folder() as folder, Site(folder.data) as site:
        scene = Scene(folder, site)
        for path in ("/api/v1/audit", *EXPORTS):
            assert site.ask("GET", path)[0] == 401
            for login in ("clerk", "system_admin", "security_admin"):
                assert site.ask("GET", path, scene.tokens[login])[0] == 403, (path, login)
            for login in ("chief", "east", "audit_admin"):
                assert site.ask("GET", path, scene.tokens[login])[0] == 200, (path, login)
            assert site.ask("GET", f"{path}?organisation=local", scene.tokens["east"])[0] == 403
            assert site.ask("GET", f"{path}?organisation=platform", scene.tokens["chief"])[0] == 403
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            status = site.ask(method, "/api/v1/audit", scene.tokens["audit_admin"], {})[0]
            assert status in (405, 501), (method, status)
        people = {login: "u-" + json.loads(site.ask("GET", "/api/v1/session", token)[2])["account"] for login, token in scene.tokens.items()}
        # Refusals are counted by the minute: all of them stand there once the server has stopped.
        site.__exit__()
        refused = [json.loads(line) for line in command(folder, "audit-log", "--result", "refused", "--json").splitlines()]
        named = {entry["actor"] for entry in refused if entry["act"] == "read_audit" or "audit" in entry["object"]}
        assert named >= {people[login] for login in ("clerk", "system_admin", "security_admin")}, (people, refused)


@test
def organisations_are_apart():
    with Folder() as folder, Site(folder.data) as site:
        scene = Scene(folder, site)
        scene.refusals()
        scene.refusals("chief", 2025)
        here, there, all_ = (site.audit(scene.tokens[login], "?limit=200")["entries"] for login in ("chief", "east", "audit_admin"))
        owners = [{entry["organisation"] for entry in entries} for entries in (here, there)]
        assert owners == [{"local"}, {scene.east}], (owners, scene.east)
        assert {entry["organisation"] for entry in all_} == {"local", scene.east, ""}
        platform = site.audit(scene.tokens["audit_admin"], "?organisation=platform&limit=200")["entries"]
        assert platform and {entry["organisation"] for entry in platform} == {""}
        sequences = {entry["sequence"] for entry in all_}
        assert {entry["sequence"] for entry in here + there + platform} == sequences
        words = json.dumps(here, ensure_ascii=False)
        assert scene.east not in words and "R-2026-000003" not in words and "R-2025-000003" in words, words
        for path in EXPORTS:
            body = site.ask("GET", path, scene.tokens["chief"])[2].decode()
            assert scene.east not in body and "R-2026-000003" not in body and "R-2025-000003" in body, body


@test
def filters_and_pages_leave_nothing_out():
    with Folder() as folder, Site(folder.data) as site:
        scene = Scene(folder, site)
        scene.refusals()
        token = scene.tokens["audit_admin"]
        everything = site.audit(token, "?limit=200")
        entries = everything["entries"]
        assert everything["next"] == "" and len(entries) > 15, everything
        assert [entry["time"] for entry in entries] == sorted((entry["time"] for entry in entries), reverse=True)
        # Each filter gives those that fit, and all of them.
        east = next(entry for entry in entries if entry["act"] == "erasure.ask")
        assert east["result"] == "refused" and east["actor"].startswith("u-") and east["address"] == "127.0.0.1", east
        for field in ("actor", "act", "object_kind", "object", "result"):
            found = site.audit(token, f"?limit=200&{field}={east[field]}")["entries"]
            assert found == [entry for entry in entries if entry[field] == east[field]] and 0 < len(found) < len(entries), field
        assert len(site.audit(token, "?act=erasure.ask&result=refused&object=R-2026-000003")["entries"]) == 1
        assert site.audit(token, "?act=nothing.such")["entries"] == []
        assert site.audit(token, "?limit=200&from=2020-01-01")["entries"] == entries
        assert site.audit(token, "?limit=200&to=2020-01-01")["entries"] == []
        assert site.audit(token, f"?limit=200&from={east['time']}")["entries"] == [e for e in entries if e["time"] >= east["time"]]
        for wrong in ("?from=yesterday", "?cursor=zz", "?limit=x"):
            assert site.ask("GET", "/api/v1/audit" + wrong, token)[0] == 400, wrong
        # Pages of three, one behind the other: the same, each once, though more is written meanwhile.
        paged, query = [], "?limit=3"
        while True:
            page = site.audit(token, query)
            assert len(page["entries"]) <= 3
            paged += page["entries"]
            if len(paged) == 6:
                scene.refusals()
            if not page["next"]:
                break
            query = f"?limit=3&cursor={page['next']}"
        assert paged == entries, (len(paged), len(entries))


@test
def exports_hold_what_the_list_holds():
    with Folder() as folder, Site(folder.data) as site:
        scene = Scene(folder, site)
        scene.refusals()
        token = scene.tokens["audit_admin"]
        entries = site.audit(token, "?act=erasure.ask")["entries"]
        status, heads, body = site.ask("GET", "/api/v1/audit.csv?act=erasure.ask", token)
        assert status == 200 and heads["Content-Type"] == "text/csv; charset=utf-8" and "audit.csv" in heads["Content-Disposition"], heads
        rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
        assert len(rows) == len(entries) + 1 == 8, rows
        for row, entry in zip(rows[1:], entries):
            assert row == [str(entry[k]) for k in ("organisation", "sequence", "time", "actor", "source", "address", "act", "object_kind", "object", "result",
                                                   "before", "after")], (row, entry)
        status, heads, body = site.ask("GET", "/api/v1/audit.ndjson?act=erasure.ask", token)
        lines = [json.loads(line) for line in body.decode().splitlines()]
        bare = [{k: v for k, v in entry.items() if k not in ("actor_name", "object_name")} for entry in entries]
        assert status == 200 and lines == bare, (lines, bare)
        # The command beside the server says the same.
        said = [json.loads(line) for line in command(folder, "audit-log", "--act", "erasure.ask", "--json").splitlines()]
        assert [line["sequence"] for line in said] == [entry["sequence"] for entry in entries], said


if __name__ == "__main__":
    main()
