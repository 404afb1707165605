#!/usr/bin/env python3
"""Messages to people: a real mail server, a gateway for SMS and the three robots, each away, refusing, hanging or lying; kill -9."""
import asyncio
import base64
import contextlib
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import logging
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import warnings

try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    # It comes from Debian, so Debian's own Python has it, whichever comes first in PATH.
    if os.environ.get("FAPIAO_DEBIAN_PYTHON"):
        raise
    os.environ["FAPIAO_DEBIAN_PYTHON"] = "1"
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from house import FAPIAO, Folder, Serving, invoice_xml, main, run, test
from peers import Certificate, eventually, free_port

warnings.filterwarnings("ignore", "Requiring AUTH")  # its TLS is around all of it
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # it tells at length of each who does not trust it


class Mailbox:
    """What a mail server takes, and how: each answer of `rcpt` and `data` is given once, then it takes all."""

    def __init__(self):
        self.mails: list[email.message.EmailMessage] = []
        self.envelopes, self.tls, self.users = [], [], []
        self.rcpt: list[str] = []
        self.data: list[str] = []
        self.tried, self.holding, self.hold = 0, threading.Event(), threading.Event()
        self.hold.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tried += 1
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        while not self.hold.is_set():
            self.holding.set()
            await asyncio.sleep(0.01)
        if self.data:
            return self.data.pop(0)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        self.tls.append(server.transport.get_extra_info("ssl_object") is not None)
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def user(self, server, session, envelope, mechanism, auth_data):
        right = (auth_data.login, auth_data.password) == (b"fapiao", "密码 p".encode())
        self.users.append(right)
        return AuthResult(success=right, handled=right)


@contextlib.contextmanager
def mail_server(box: Mailbox, certificate: Certificate | None, port: int = 0, smtps: bool = False, auth: bool = False):
    options = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.cert, certificate.key)
        options = {"ssl_context": context} if smtps else {"tls_context": context, "require_starttls": True}
    if auth:
        options |= {"authenticator": box.user, "auth_required": True, "auth_require_tls": not smtps}
    port = port or free_port()
    server = Controller(box, hostname="127.0.0.1", port=port, **options)
    server.start()
    try:
        yield f"{'smtps' if smtps else 'smtp'}://127.0.0.1:{port}"
    finally:
        server.stop()


class Gateway:
    """An HTTP server that keeps what it is sent and answers as it is told."""

    def __init__(self):
        self.requests: list[tuple[str, str, dict, bytes]] = []
        self.answers: list[tuple[int, dict]] = []
        self.otherwise = (200, {"errcode": 0, "code": 0})
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                gateway.requests.append((self.command, self.path, dict(self.headers), body))
                status, value = gateway.answers.pop(0) if gateway.answers else gateway.otherwise
                answer = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def notify(folder: Folder, *words, good: bool = True, stdin: bytes = b"") -> str:
    done = subprocess.run([str(FAPIAO), "notify", "--data", str(folder.data), *map(str, words)], input=stdin, capture_output=True, timeout=60)
    assert (done.returncode == 0) == good, (words, done)
    return done.stdout.decode() if good else done.stderr.decode()


def rows(folder: Folder, *state) -> list[dict]:
    return [json.loads(line) for line in notify(folder, "list", *state).splitlines()]


def row(folder: Folder, id_: str) -> dict:
    return next(r for r in rows(folder) if r["id"] == id_)


def put(folder: Folder, channel: str, to: str) -> str:
    return notify(folder, "test", channel, to).strip()


def becomes(folder: Folder, id_: str, state: str) -> dict:
    def is_so() -> dict | None:
        found = row(folder, id_)
        return found if found["state"] == state else None
    try:
        return eventually(is_so, f"{id_} is {state}", 60)
    except AssertionError:
        print(row(folder, id_))
        raise


def set_mail(folder: Folder, url: str, certificate: Certificate | None = None, *more) -> None:
    ca = ("mail.ca", certificate.cert) if certificate else ()
    notify(folder, "set", "mail.url", url, "mail.from", "发票平台 <no-reply@f.example>", *ca, *more)


@contextlib.contextmanager
def scene():
    with Folder() as folder, Serving(folder.data) as server:
        yield folder, server


@test
def without_a_mail_server_messages_wait_and_can_be_read():
    with Folder() as folder:
        first = folder.top / "first.xml"
        first.write_bytes(invoice_xml("26112000000000000001"))
        folder.import_(first)
        before = put(folder, "mail", "alice@b.example")  # no server runs yet
        with Serving(folder.data):
            after = put(folder, "mail", "bob@b.example")
            for id_ in (before, after):
                found = row(folder, id_)
                assert found["state"] == "waiting" and found["tries"] == 0, found
                assert found["reason"] == "没有配置邮件服务器" and found["reason_en"] == "no mail server configured", found
            shown = notify(folder, "show", before)
            assert "to: alice@b.example" in shown and "这是发票平台的测试消息" in shown, shown
            # Configured at last, both go, the older one first.
            box = Mailbox()
            certificate = Certificate(folder.top)
            with mail_server(box, certificate) as url:
                set_mail(folder, url, certificate)
                becomes(folder, before, "sent"), becomes(folder, after, "sent")
            assert [m["To"] for m in box.mails] == ["alice@b.example", "bob@b.example"], box.mails


@test
def a_mail_goes_over_starttls_and_says_what_was_said():
    with scene() as (folder, _):
        box, certificate = Mailbox(), Certificate(folder.top)
        with mail_server(box, certificate) as url:
            set_mail(folder, url, certificate)
            id_ = put(folder, "mail", "alice@b.example")
            sent = becomes(folder, id_, "sent")
        assert sent["sent_at"] and not sent["reason"], sent
        sender, to, content = box.envelopes[0]
        mail = box.mails[0]
        assert box.tls == [True] and sender == "no-reply@f.example" and to == ["alice@b.example"], box.envelopes
        assert mail["Subject"] == "测试消息" and mail["From"] == "发票平台 <no-reply@f.example>", mail.items()
        assert mail.get_content_type() == "text/plain" and "这是发票平台的测试消息" in mail.get_content(), mail
        assert id_ in mail["Message-ID"] and mail["Date"], mail.items()
        assert max(len(line) for line in content.split(b"\r\n")) <= 78 and content.isascii()
        shown = notify(folder, "show", id_)  # what was sent is not kept
        assert "测试消息" not in shown and "to: alice@b.example" in shown, shown


@test
def smtps_with_a_user_and_a_password():
    with scene() as (folder, _):
        box, certificate = Mailbox(), Certificate(folder.top)
        with mail_server(box, certificate, smtps=True, auth=True) as url:
            set_mail(folder, url, certificate, "mail.user", "fapiao")
            notify(folder, "set", "mail.password", "-", stdin=b"wrong\n")
            id_ = put(folder, "mail", "alice@b.example")
            found = becomes(folder, id_, "failed")
            assert "let us in" in found["reason"] and not box.mails, found
            notify(folder, "set", "mail.password", "-", stdin="密码 p\n".encode())
            becomes(folder, id_, "sent")
        assert True in box.users and box.tls == [True], (box.users, box.tls)
        assert "密码 p" not in notify(folder, "settings") and "mail.password" in notify(folder, "settings")


@test
def a_certificate_that_is_not_trusted_gets_no_mail():
    with scene() as (folder, _):
        box, certificate, other = Mailbox(), Certificate(folder.top), Certificate(folder.top, "other")
        with mail_server(box, certificate) as url:
            set_mail(folder, url, other)
            id_ = put(folder, "mail", "alice@b.example")
            found = becomes(folder, id_, "failed")
            assert "certificate" in found["reason"].lower() or "SSL" in found["reason"], found
            set_mail(folder, url)  # of nobody's issuing
            time.sleep(0.2)
            assert box.tried == 0, "the recipient was told to somebody unknown"
            set_mail(folder, url, certificate)
            becomes(folder, id_, "sent")


@test
def without_tls_nothing_is_said_unless_it_is_this_machine_and_asked_for():
    with scene() as (folder, _):
        box = Mailbox()
        with mail_server(box, None) as url:
            set_mail(folder, url)
            id_ = put(folder, "mail", "alice@b.example")
            found = becomes(folder, id_, "failed")
            assert "TLS" in found["reason"] and box.tried == 0, found
            notify(folder, "set", "mail.insecure", "yes")
            becomes(folder, id_, "sent")
            assert box.tls == [False]
            why = notify(folder, "set", "mail.url", "smtp://mail.example:25", good=False)
            assert "mail.insecure" in why, why


@test
def refused_for_now_is_tried_again_and_refused_for_good_is_not():
    with scene() as (folder, _):
        box, certificate = Mailbox(), Certificate(folder.top)
        with mail_server(box, certificate) as url:
            set_mail(folder, url, certificate)
            box.rcpt = ["451 4.7.1 <alice@b.example>: greylisted"]
            box.data = ["452 4.3.1 no room"]
            id_ = put(folder, "mail", "alice@b.example")
            failed = becomes(folder, id_, "failed")
            assert "451" in failed["reason"] and failed["tries"] == 1 and failed["next_at"], failed
            assert "alice" not in failed["reason"], failed  # the reason is not sealed, the recipient is
            other = put(folder, "mail", "bob@b.example")  # nobody waits for alice; 452 is for bob
            eventually(lambda: "452" in row(folder, other)["reason"], "bob is refused once", 60)
            notify(folder, "retry", id_)
            becomes(folder, id_, "sent"), becomes(folder, other, "sent")
            for at, answer in (("rcpt", "550 5.1.1 no such user"), ("data", "554 5.7.1 spam")):
                setattr(box, at, [answer])
                dead = put(folder, "mail", "carol@b.example")
                found = becomes(folder, dead, "given_up")
                assert answer[:3] in found["reason"] and found["tries"] == 1, found
                assert [r["id"] for r in rows(folder, "given_up")] == [dead]
                notify(folder, "retry", dead)
                becomes(folder, dead, "sent")
            assert "was sent" in notify(folder, "retry", dead, good=False)
        assert len(box.mails) == 4, len(box.mails)


@test
def a_server_that_is_away_stops_nothing_and_gets_all_when_it_is_back():
    with scene() as (folder, server):
        box, certificate, port = Mailbox(), Certificate(folder.top), free_port()
        with Gateway() as gateway:
            notify(folder, "set", "wecom.url", gateway.url + "/w?key=k")
            set_mail(folder, f"smtp://127.0.0.1:{port}", certificate)
            ids = [put(folder, "mail", f"u{i}@b.example") for i in range(4)]
            found = becomes(folder, ids[0], "failed")
            assert found["tries"] == 0 and str(port) in found["reason"], found  # not counted: nobody answered
            becomes(folder, put(folder, "wecom", ""), "sent")
            status, answer = server.upload("a.xml", invoice_xml("26112000000000000002"))
            assert status == 201 and answer["state"] == "accepted", answer
            with mail_server(box, certificate, port):
                for id_ in ids:
                    becomes(folder, id_, "sent")
        assert sorted(m["To"] for m in box.mails) == [f"u{i}@b.example" for i in range(4)]


@test
def killed_while_it_sends_it_sends_again_and_nothing_is_lost():
    with Folder() as folder:
        box, certificate = Mailbox(), Certificate(folder.top)
        with mail_server(box, certificate) as url:
            with Serving(folder.data) as server:
                set_mail(folder, url, certificate)
                box.hold.clear()
                ids = [put(folder, "mail", f"u{i}@b.example") for i in range(3)]
                assert box.holding.wait(30), "the mail server has the first one"
                # A server that hangs holds up nobody else.
                assert server.upload("a.xml", invoice_xml("26112000000000000003"))[0] == 201
                server.process.send_signal(signal.SIGKILL)
                server.process.wait(20)
            assert [row(folder, i)["state"] for i in ids] == ["waiting"] * 3
            box.hold.set()  # the mail server takes what it had: that is why it comes twice
            with Serving(folder.data):
                for id_ in ids:
                    becomes(folder, id_, "sent")
        kept = {m["To"]: m["Message-ID"] for m in box.mails}
        assert sorted(kept) == [f"u{i}@b.example" for i in range(3)], kept
        assert len({m["Message-ID"] for m in box.mails}) == 3, "a repeated mail can be told by its Message-ID"


@test
def nothing_in_an_address_or_setting_begins_a_header():
    with scene() as (folder, _):
        for to in ("a@b.example\r\nBcc: c@d.example", "a@b.example\nx", "a@b.example>", "a@b.example, c@d.example"):
            assert "no mail address" in notify(folder, "test", "mail", to, good=False)
        assert "mail.from" in notify(folder, "set", "mail.from", "x\nBcc: y <a@b.example>", good=False)
        assert "sms.headers" in notify(folder, "set", "sms.headers", "A: b\r\nC: d", good=False)
        assert rows(folder) == []


@test
def sms_goes_through_the_gateway_that_is_set():
    with scene() as (folder, _), Gateway() as gateway:
        notify(folder, "set", "sms.url", gateway.url + "/send?to={phone}", "sms.headers", "Content-Type: application/json\nX-Key: k1",
               "sms.body", '{"mobile":"{phone}","content":"{text}"}', "sms.expect", '"code": 0')
        gateway.answers = [(200, {"code": 7}), (503, {})]
        id_ = put(folder, "sms", "+8613800138000")
        becomes(folder, id_, "sent")
        method, path, headers, body = gateway.requests[-1]
        assert (method, path) == ("POST", "/send?to=%2B8613800138000") and headers["X-Key"] == "k1", gateway.requests[-1]
        value = json.loads(body)
        assert value["mobile"] == "+8613800138000" and "测试消息" in value["content"], value
        assert len(gateway.requests) == 3
        notify(folder, "set", "sms.method", "GET", "sms.url", gateway.url + "/get?p={phone}&t={text}", "sms.body", "", "sms.headers", "")
        becomes(folder, put(folder, "sms", "13800138000"), "sent")
        method, path, _, _ = gateway.requests[-1]
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query)
        assert method == "GET" and query["p"] == ["13800138000"] and "测试消息" in query["t"][0], (method, path)
        assert "k1" not in notify(folder, "settings")


def sign_dingtalk(secret: str, ms: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), f"{ms}\n{secret}".encode(), hashlib.sha256).digest()).decode()


def sign_feishu(secret: str, seconds: str) -> str:
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


@test
def robots_are_spoken_to_as_each_of_them_wants_it():
    with scene() as (folder, _), Gateway() as gateway:
        notify(folder, "set", "wecom.url", gateway.url + "/wecom?key=k", "dingtalk.url", gateway.url + "/dingtalk?access_token=t",
               "dingtalk.secret", "SECd/+=", "feishu.url", gateway.url + "/feishu/hook", "feishu.secret", "SECf")
        for channel in ("wecom", "dingtalk", "feishu"):
            becomes(folder, put(folder, channel, "财务群"), "sent")
        (_, wecom, _, wecom_body), (_, dingtalk, _, dingtalk_body), (_, feishu, _, feishu_body) = gateway.requests
        assert wecom == "/wecom?key=k" and "测试消息" in json.loads(wecom_body)["text"]["content"], wecom
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(dingtalk).query)
        assert query["access_token"] == ["t"] and json.loads(dingtalk_body)["msgtype"] == "text", dingtalk
        assert abs(int(query["timestamp"][0]) / 1000 - time.time()) < 3600
        assert query["sign"] == [sign_dingtalk("SECd/+=", query["timestamp"][0])], query
        value = json.loads(feishu_body)
        assert feishu == "/feishu/hook" and value["msg_type"] == "text" and "测试消息" in value["content"]["text"], value
        assert abs(int(value["timestamp"]) - time.time()) < 3600 and value["sign"] == sign_feishu("SECf", value["timestamp"]), value
        # 200 with a code is a refusal, and its reason has no secret in it.
        gateway.otherwise = (200, {"errcode": 310000, "errmsg": "sign not match"})
        found = becomes(folder, put(folder, "dingtalk", ""), "failed")
        assert "310000 sign not match" in found["reason"] and "access_token" not in found["reason"], found


@test
def what_is_sealed_is_nowhere_in_the_folder():
    with scene() as (folder, _):
        notify(folder, "set", "wecom.url", "https://127.0.0.1:1/hook?key=hunter2hunter2")
        put(folder, "mail", "somebody.special@b.example")
        for path in folder.data.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                assert b"somebody.special" not in content and b"hunter2" not in content, path


main()
