#!/usr/bin/env python3
"""People over real HTTP: the first start, two steps of signing in, forgotten passwords by a real mail, tokens, the folder afterwards."""
import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import itertools
import json
import logging
import os
import re
import struct
import subprocess
import sys
import time
import warnings

try:
    from aiosmtpd.controller import Controller
except ImportError:
    # It comes from Debian, so Debian's own Python has it, whichever comes first in PATH.
    if os.environ.get("FAPIAO_DEBIAN_PYTHON"):
        raise
    os.environ["FAPIAO_DEBIAN_PYTHON"] = "1"
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from house import FAPIAO, Folder, Serving, main, run, test
from peers import eventually, free_port

warnings.filterwarnings("ignore", "Requiring AUTH")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
PASSWORD, NEW = "correct horse battery", "another good one"


class Site(Serving):
    """A server that trusts nobody for where they are."""
    OPEN = ()

    def work(self) -> str:
        """What a browser does before it registers somebody."""
        task = self.get("/api/v1/challenge")
        for n in itertools.count():
            answer = f"{task['text']}.{n}"
            if int.from_bytes(hashlib.sha256(answer.encode()).digest(), "big") >> (256 - task["bits"]) == 0:
                return answer

    def ask(self, method: str, path: str, body: dict | None = None, cookie: str = "", token: str = "",
            work: str = "") -> tuple[int, dict, dict]:
        headers = {"Content_Type": "application/json"}
        if work:
            headers["Fapiao_Challenge"] = work
        if cookie:
            headers["Cookie"] = f"__Host-fapiao={cookie}"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        status, heads, answer = self.request(method, path, None if body is None else json.dumps(body).encode(), **headers)
        return status, heads, json.loads(answer) if answer else {}

    def sign_in(self, login: str, password: str = PASSWORD) -> str:
        status, heads, answer = self.ask("POST", "/api/v1/session", {"login": login, "password": password})
        assert status == 200, (status, answer)
        return cookie_of(heads)


def cookie_of(heads: dict) -> str:
    cookie = heads["Set-Cookie"]
    assert cookie.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict"), cookie
    return re.fullmatch(r"__Host-fapiao=([\w-]{43})", cookie.split(";")[0])[1]


def user(folder: Folder, *words: str, password: str = PASSWORD, good: bool = True) -> str:
    command = [str(a) for a in (FAPIAO, "user", *words, "--data", folder.data)]
    done = subprocess.run(command, capture_output=True, input=password.encode() + b"\n", timeout=60)
    assert (done.returncode == 0) == good, done.stderr.decode()
    return done.stdout.decode()


def totp(secret: str, at: float | None = None) -> str:
    """RFC 6238, written here anew."""
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Mailbox:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def secret(self, count: int) -> str:
        """Of the link in the mail that comes as number `count`."""
        eventually(lambda: len(self.mails) >= count, f"mail number {count} has come", 30)
        return re.search(r"https://f\.example/\w+#t=([\w-]{43})", self.mails[count - 1].get_body().get_content())[1]


@contextlib.contextmanager
def mail_server():
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()


@test
def the_setup_code_makes_the_first_administrators_once():
    with Folder() as folder, Site(folder.data) as site:
        assert site.ask("GET", "/api/v1/setup")[2] == {"wanted": True}
        code = user(folder, "setup-code").strip()
        accounts = [{"role": "system_admin", "login": "sys", "password": PASSWORD},
                    {"role": "security_admin", "login": "sec", "password": PASSWORD},
                    {"role": "org_admin", "login": "boss", "password": PASSWORD}]
        assert site.ask("POST", "/api/v1/setup", {"code": "x", "accounts": accounts})[0] == 404
        assert site.ask("POST", "/api/v1/setup", {"code": code, "accounts": accounts})[0] == 201
        assert site.ask("POST", "/api/v1/setup", {"code": code, "accounts": accounts})[0] == 409
        assert site.ask("GET", "/api/v1/setup")[2] == {"wanted": False}
        who = site.ask("GET", "/api/v1/session", cookie=site.sign_in("boss"))[2]
        assert who["organisation"] == "local" and who["roles"] == ["org_admin"] and who["factor_wanted"], who


@test
def without_the_second_factor_nobody_is_in_and_a_code_works_once():
    with Folder() as folder, Site(folder.data) as site:
        user(folder, "add", "boss", "--role", "org_admin", "--password-stdin")
        weak = site.sign_in("boss")
        status, _, answer = site.ask("GET", "/api/v1/invoices", cookie=weak)
        assert status == 403 and answer["code"] == "factor_wanted", answer
        secret = site.ask("POST", "/api/v1/account/factor", cookie=weak)[2]["secret"]
        status, heads, answer = site.ask("POST", "/api/v1/account/factor/confirmation", {"code": totp(secret)}, weak)
        assert status == 200, answer
        recovery, strong = answer["recovery_codes"], cookie_of(heads)
        assert len(set(recovery)) == 10 and site.ask("GET", "/api/v1/session", cookie=weak)[0] == 401
        assert site.ask("GET", "/api/v1/invoices", cookie=strong)[0] == 200

        def first() -> dict:
            status, heads, answer = site.ask("POST", "/api/v1/session", {"login": "boss", "password": PASSWORD})
            assert status == 202 and answer["factor"] == "totp" and "__Host-fapiao=" not in heads.get("Set-Cookie", ""), (status, heads, answer)
            return answer

        def second(ticket: dict, code: str) -> int:
            return site.ask("POST", "/api/v1/session/factor", {"ticket": ticket["ticket"], "code": code})[0]
        assert site.ask("GET", "/api/v1/session", cookie=first()["ticket"])[0] == 401
        assert second(first(), "000000") == 401
        next_step = totp(secret, time.time() + 30)  # a clock may be a step ahead
        ticket = first()
        assert second(ticket, next_step) == 200
        assert second(ticket, next_step) == 401 and second(first(), next_step) == 401
        assert second(first(), recovery[0]) == 200 and second(first(), recovery[0]) == 401


@test
def nobody_and_a_wrong_password_get_one_answer():
    with Folder() as folder, Site(folder.data) as site:
        user(folder, "add", "wang", "--role", "issuer", "--password-stdin")
        answers = {json.dumps(site.ask("POST", "/api/v1/session", {"login": login, "password": "wrong"})[2])
                   for login in ("wang", "nobody", "nobody@example.org", "")}
        assert len({a for a in answers if "wrong_login" in a}) == 1, answers


@test
def mail_confirms_and_a_reset_link_works_once_and_ends_every_session():
    with Folder() as folder, mail_server() as (box, url), Site(folder.data) as site:
        done = run(FAPIAO, "notify", "set", "mail.url", url, "mail.from", "no-reply@f.example", "mail.insecure", "yes", "--data", folder.data)
        assert done.returncode == 0, done.stderr.decode()
        user(folder, "policy", "site.url", "https://f.example")
        li = {"mail": "li@example.org", "password": PASSWORD, "name": "李四"}
        status, _, answer = site.ask("POST", "/api/v1/accounts", li)
        assert status == 429 and answer["code"] == "challenge_wanted", answer
        assert site.ask("POST", "/api/v1/accounts", li, work=site.work())[0] == 202
        status, _, answer = site.ask("POST", "/api/v1/session", {"login": "li@example.org", "password": PASSWORD})
        assert status == 403 and answer["code"] == "not_confirmed", answer
        token = box.secret(1)
        assert site.ask("POST", "/api/v1/accounts/confirmations", {"token": token})[0] == 204
        assert site.ask("POST", "/api/v1/accounts/confirmations", {"token": token})[0] == 404
        session = site.sign_in("li@example.org")
        eventually(lambda: len(box.mails) == 2, "a sign-in from a new browser is told", 30)
        assert box.mails[1]["Subject"] == "您的账号在新的设备上登录", box.mails[1]["Subject"]
        for login in ("li@example.org", "nobody@example.org"):
            assert site.ask("POST", "/api/v1/passwords/forgot", {"login": login})[0] == 202
        link = box.secret(3)
        assert len(box.mails) == 3 and all(mail["To"] == "li@example.org" for mail in box.mails)
        assert site.ask("POST", "/api/v1/passwords/reset", {"token": link, "password": "short"})[0] == 400
        assert site.ask("POST", "/api/v1/passwords/reset", {"token": link, "password": NEW})[0] == 204
        assert site.ask("POST", "/api/v1/passwords/reset", {"token": link, "password": PASSWORD})[0] == 404
        eventually(lambda: len(box.mails) == 4, "another password is told", 30)
        assert box.mails[3]["Subject"] == "您的密码已修改", box.mails[3]["Subject"]
        assert site.ask("GET", "/api/v1/session", cookie=session)[0] == 401
        assert site.ask("POST", "/api/v1/session", {"login": "li@example.org", "password": PASSWORD})[0] == 401
        site.sign_in("li@example.org", NEW)


@test
def a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told():
    with Folder() as folder, mail_server() as (box, url), Site(folder.data) as site:
        done = run(FAPIAO, "notify", "set", "mail.url", url, "mail.from", "no-reply@f.example", "mail.insecure", "yes", "--data", folder.data)
        assert done.returncode == 0, done.stderr.decode()
        user(folder, "policy", "site.url", "https://f.example")
        user(folder, "add", "wang", "--role", "issuer", "--mail", "old@example.org", "--password-stdin")
        cookie = site.sign_in("wang")
        assert site.ask("GET", "/api/v1/session", cookie=cookie)[2]["confirmed"]
        confirm = "/api/v1/session/confirmation"
        status, _, answer = site.ask("POST", confirm, {"password": "wrong"}, cookie)
        assert status == 400 and answer["errors"][0]["field"] == "password", answer
        status, heads, _ = site.ask("POST", confirm, {"password": PASSWORD}, cookie)
        assert status == 204 and site.ask("GET", "/api/v1/session", cookie=cookie)[0] == 401
        cookie = cookie_of(heads)
        eventually(lambda: len(box.mails) == 1, "the sign-in is told", 30)
        status, _, answer = site.ask("PATCH", "/api/v1/account", {"mail": "new@example.org"}, cookie)
        assert status == 200 and (answer["mail"], answer["new_mail"]) == ("old@example.org", "new@example.org"), answer
        eventually(lambda: len(box.mails) == 3, "both addresses are written to", 30)
        by = {mail["To"]: mail for mail in box.mails[1:]}
        assert by["old@example.org"]["Subject"] == "您的登录名或联系方式有变动", by
        link = re.search(r"https://f\.example/confirm#t=([\w-]{43})", by["new@example.org"].get_body().get_content())[1]
        site.sign_in("old@example.org")
        assert site.ask("POST", "/api/v1/session", {"login": "new@example.org", "password": PASSWORD})[0] == 401
        assert site.ask("POST", "/api/v1/accounts/confirmations", {"token": link})[0] == 204
        site.sign_in("new@example.org")
        assert site.ask("POST", "/api/v1/session", {"login": "old@example.org", "password": PASSWORD})[0] == 401
        eventually(lambda: [mail["To"] for mail in box.mails].count("old@example.org") >= 4, "the old one is told that it counts no more", 30)


@test
def who_is_invited_registers_by_the_link_and_is_a_member():
    with Folder() as folder:
        with Site(folder.data):
            pass
        invite = ("organisation", "invite", "--mail", "li@example.org", "--roles", "reader", "--organisation", "local", "--data", folder.data)
        assert run(FAPIAO, *invite).returncode != 0, "no address of the site is known"
        user(folder, "policy", "site.url", "https://f.example")
        user(folder, "policy", "registration.open", "0")
        done = run(FAPIAO, *invite)
        token = re.search(r"^https://f\.example/invitation#(local\.[\w-]{43})", done.stdout.decode())[1]
        with Site(folder.data) as site:
            form = {"password": PASSWORD, "name": "李四", "invitation": token}
            assert site.ask("POST", "/api/v1/accounts", form)[0] == 429, "a robot pays for it"
            status, _, answer = site.ask("POST", "/api/v1/accounts", form, work=site.work())
            assert status == 202 and answer == {"state": "active", "login": "li@example.org", "organisation": "local"}, answer
            assert site.ask("POST", "/api/v1/accounts", form, work=site.work())[0] == 404
            cookie = site.sign_in("li@example.org")
            status, heads, answer = site.ask("PATCH", "/api/v1/session", {"organisation": "local"}, cookie)
            assert status == 200 and answer["roles"] == ["reader"], answer


@test
def the_last_administrators_stay():
    with Folder() as folder, Site(folder.data) as site:
        user(folder, "add", "sec", "--role", "security_admin", "--password-stdin")
        cookie = site.sign_in("sec")
        status, _, answer = site.ask("DELETE", "/api/v1/account", cookie=cookie)
        assert status == 409 and answer["errors"][0]["zh"] == "没有别的安全管理员；请先让另一人担任", answer
        user(folder, "add", "sec2", "--role", "security_admin", "--password-stdin")
        assert site.ask("DELETE", "/api/v1/account", cookie=cookie)[0] == 204


@test
def a_program_does_what_its_token_was_given():
    with Folder() as folder, Site(folder.data) as site:
        user(folder, "add", "wang", "--role", "issuer", "--password-stdin")
        token = user(folder, "token", "wang", "--name", "ERP", "--acts", "hand_in,read_documents", "--days", "30").strip()
        assert site.ask("GET", "/api/v1/documents", token=token)[0] == 200
        assert site.ask("GET", "/api/v1/invoices", token=token)[0] == 403
        assert site.ask("GET", "/api/v1/account", token=token)[0] == 403
        assert site.ask("GET", "/api/v1/documents")[0] == 401
        user(folder, "disable", "wang")
        assert site.ask("GET", "/api/v1/documents", token=token)[0] == 401
        user(folder, "enable", "wang")
        assert site.ask("GET", "/api/v1/documents", token=token)[0] == 401, "it is gone for good"


@test
def a_session_outlives_the_server_and_no_file_names_anybody():
    with Folder() as folder:
        with Site(folder.data) as site:
            user(folder, "add", "wangxiaoming", "--role", "issuer", "--mail", "wxm@example.org", "--name", "王小明", "--password-stdin")
            session = site.sign_in("wangxiaoming")
            site.process.kill()
            site.process.wait()
        with Site(folder.data) as site:
            assert site.ask("GET", "/api/v1/session", cookie=session)[2]["name"] == "王小明"
            assert site.ask("DELETE", "/api/v1/session", cookie=session)[0] == 204
        with Site(folder.data) as site:
            assert site.ask("GET", "/api/v1/session", cookie=session)[0] == 401
        for path in folder.data.rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            for word in (b"wangxiaoming", b"wxm@example", "王小明".encode(), session.encode(), b"argon2"):
                assert word not in content, (path, word)


main()
