#!/usr/bin/env python3
"""Signing in by OpenID Connect against a real provider (oidc-provider), through a browser's cookies: what a site sets,
and what SameSite lets it send."""
import fcntl
import html
import http.client
import json
import re
import socket
import subprocess
import time
import urllib.parse

from house import FAPIAO, ROOT, Folder, Serving, main, run, test

HERE = ROOT / "test/oidc"
SECRET = "s3cret+/ %&"
PASSWORD = "correct horse battery"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def install() -> None:
    """npm ci, once; two tests at a time wait for one another."""
    lock = (HERE / "package-lock.json").read_bytes()
    with open(HERE / "package.json") as one:
        fcntl.flock(one, fcntl.LOCK_EX)
        stamp = HERE / "node_modules/.stamp"
        if stamp.is_file() and stamp.read_bytes() == lock:
            return
        done = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=HERE, timeout=600)
        assert done.returncode == 0, done.stderr.decode()
        stamp.write_bytes(lock)


class Provider:
    def __init__(self, back: str, port: int = 0):
        install()
        self.back, self.port = back, port or free_port()
        self.process = subprocess.Popen(["node", "provider.mjs", str(self.port), back], cwd=HERE, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in self.process.stdout:
            if line.strip() == b"ready":
                return
        raise AssertionError("the provider does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tell(self, what: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/test/" + what)
        assert connection.getresponse().status == 200


class Browser:
    """Follows links as a browser does. A cookie that is Strict goes only with what its own site began, all redirects
    counted (RFC 6265bis 5.2); a Lax one also with a whole page that another site leads to; either is taken from
    any answer to such a page (5.7). Sites are hosts here: ours is localhost, the provider's 127.0.0.1."""

    def __init__(self):
        self.cookies: dict = {}  # (host, name) -> (value, same-site, path)
        self.trail: list = []

    def _send(self, method: str, url: str, body: bytes | None, began: str, headers: dict):
        parts = urllib.parse.urlsplit(url)
        host = parts.hostname
        same = began in ("", host)
        sent = [f"{name}={value}" for (at, name), (value, site, path) in self.cookies.items()
                if at == host and parts.path.startswith(path) and (same or site == "none" or (site == "lax" and method == "GET"))]
        headers = dict(headers)
        if sent:
            headers["Cookie"] = "; ".join(sent)
        connection = http.client.HTTPConnection(host, parts.port, timeout=60)
        connection.request(method, parts.path + ("?" + parts.query if parts.query else ""), body, headers)
        answer = connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self._keep(host, line)
        connection.close()
        return answer.status, answer.headers, content

    def _keep(self, host: str, line: str) -> None:
        pair, *rest = [part.strip() for part in line.split(";")]
        name, _, value = pair.partition("=")
        flags = {k.lower(): v for k, _, v in (part.partition("=") for part in rest)}
        if name.startswith("__Host-"):
            assert "secure" in flags and flags.get("path") == "/" and "domain" not in flags, line
            assert "httponly" in flags and flags.get("samesite") in ("Strict", "Lax"), line
        gone = flags.get("max-age") == "0" or "1970" in flags.get("expires", "")
        self.cookies.pop((host, name), None)
        if not gone:
            self.cookies[(host, name)] = (value, flags.get("samesite", "Lax").lower(), flags.get("path", "/"))

    def open(self, url: str, method: str = "GET", form: dict | None = None, began: str = "", stop: str | None = None):
        """A page, with all redirects; ends before an address that begins with `stop`. -> (status, address, body)"""
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        for _ in range(20):
            self.trail.append(url)
            status, answer, content = self._send(method, url, body, began, headers)
            if status not in (301, 302, 303, 307, 308):
                return status, url, content
            host = urllib.parse.urlsplit(url).hostname
            url = urllib.parse.urljoin(url, answer["Location"])
            if began == "" and urllib.parse.urlsplit(url).hostname != host:
                began = host  # another site is led to: from here on it is not of its own beginning
            elif began != "" and began != host:
                pass
            elif began == host and urllib.parse.urlsplit(url).hostname != host:
                began = host
            method, body, headers = "GET", None, {}
            if stop is not None and url.startswith(stop):
                return status, url, b""
        raise AssertionError("too many redirects")

    def ask(self, site: str, path: str, method: str = "GET", value: dict | None = None):
        """What a page of the site asks for itself. -> (status, body)"""
        body = None if value is None else json.dumps(value).encode()
        headers = {"Sec-Fetch-Site": "same-origin", **({"Content-Type": "application/json"} if body else {})}
        status, _, content = self._send(method, site + path, body, "", headers)
        return status, json.loads(content or b"{}")


class Scene:
    """A folder, its server at http://localhost, and a provider that it knows."""

    def __init__(self, **settings):
        self.settings = settings
        self.folder = Folder()
        self.server = Serving(self.folder.data)
        self.site = f"http://localhost:{self.server.port}"
        self.provider = Provider(self.site + "/api/v1/oidc/return")
        self.user("policy", "site.url", self.site)
        self.user("oidc", "issuer", self.provider.issuer)
        self.user("oidc", "client_id", "fapiao")
        self.user("oidc", "client_secret", "--password-stdin", given=SECRET + "\n")
        for name, value in settings.items():
            self.user("oidc", name, value)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.provider.stop()
        self.server.__exit__()
        self.folder.__exit__()

    def user(self, *words: str, given: str = "") -> str:
        done = subprocess.run([FAPIAO, "user", *words, "--data", self.folder.data], input=given.encode(), capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def away(self, browser: Browser, name: str, query: str = "to=/documents") -> str:
        """Begins, signs in at the provider as `name`, agrees; -> the address that leads back, which was not asked for yet."""
        back = self.site + "/api/v1/oidc/return"
        status, url, page = browser.open(f"{self.site}/api/v1/oidc/begin?{query}", stop=back)
        for _ in range(4):
            if url.startswith(back):
                return url
            assert status == 200 and url.startswith(self.provider.issuer), (status, url)
            action = html.unescape(re.search(rb'action="([^"]+)"', page)[1].decode())
            prompt = re.search(rb'name="prompt" value="([^"]+)"', page)[1].decode()
            form = {"prompt": prompt, **({"login": name, "password": "x"} if prompt == "login" else {})}
            status, url, page = browser.open(urllib.parse.urljoin(url, action), "POST", form, began="127.0.0.1", stop=back)
        raise AssertionError("the provider does not lead back")

    def back(self, browser: Browser, url: str) -> str:
        """Comes back from the other site; -> where that ended, without the site."""
        before = len(browser.trail)
        status, end, _ = browser.open(url, began="127.0.0.1")
        assert end.startswith(self.site) and len(browser.trail) - before == 2, (status, browser.trail[before:])
        return end[len(self.site):]

    def sign_in(self, name: str, query: str = "to=/documents") -> tuple[Browser, str]:
        browser = Browser()
        return browser, self.back(browser, self.away(browser, name, query))


def session_of(scene: Scene, browser: Browser) -> tuple[int, dict]:
    return browser.ask(scene.site, "/api/v1/session")


@test
def twice_the_same_account():
    """Somebody new registers by it; the second time it is the same account, in any browser."""
    with Scene(register="1") as scene:
        offered = json.loads(scene.server.request("GET", "/api/v1/oidc")[2])
        assert offered["offered"] and offered["label_zh"], offered
        browser, end = scene.sign_in("wang")
        assert end == "/documents", end
        status, first = session_of(scene, browser)
        assert status == 200 and first["factors"] == 1 and first["name"] == "wang", first
        assert ("localhost", "__Host-fapiao-oidc") not in browser.cookies
        browser, end = scene.sign_in("wang")
        assert session_of(scene, browser)[1]["account"] == first["account"]
        other, _ = scene.sign_in("li")
        assert session_of(scene, other)[1]["account"] != first["account"]
        assert '"client_secret":"set"' in scene.user("oidc").replace(" ", "")
        log = run(FAPIAO, "audit-log", "--data", scene.folder.data).stdout.decode()
        assert "oidc.set" in log and "s3cret" not in log, log[:2000]


@test
def the_way_back_works_once_and_in_one_browser():
    """A state that was used, was never given, or belongs to another browser leads nowhere; the right one still does."""
    with Scene(register="1") as scene:
        browser, thief = Browser(), Browser()
        url = scene.away(browser, "wang")
        assert scene.back(thief, url) == "/sign-in?problem=oidc_state"
        assert scene.back(browser, re.sub(r"state=[^&]+", "state=" + "A" * 43, url)) == "/sign-in?problem=oidc_state"
        assert session_of(scene, thief)[0] == 401
        assert scene.back(browser, url) == "/documents"
        assert scene.back(browser, url) == "/sign-in?problem=oidc_state"
        # A code of somebody else's sign-in, under a state of one's own: the nonce and the verifier are not its.
        mine, theirs = Browser(), Browser()
        one, two = scene.away(mine, "wang"), scene.away(theirs, "li")
        code = re.search(r"code=([^&]+)", two)[1]
        assert scene.back(mine, re.sub(r"code=[^&]+", "code=" + code, one)) == "/sign-in?problem=oidc_provider"
        assert session_of(scene, mine)[0] == 401
        # Another provider's answer mixed in; and a person who says no.
        url = scene.away(browser, "wang")
        assert scene.back(browser, re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", url)) == "/sign-in?problem=oidc_token"
        url = scene.away(browser, "wang")
        assert scene.back(browser, re.sub(r"code=[^&]+", "error=access_denied", url)) == "/sign-in?problem=oidc_refused"


@test
def tokens_that_are_not_to_be_trusted():
    """Unsigned, keyed by the public key, changed, for another, old, of another sign-in: each is refused."""
    with Scene(register="1") as scene:
        for how in ("none", "hmac", "body", "aud", "azp", "nonce", "exp", "iat", "iss", "sub"):
            scene.provider.tell("bend?how=" + how)
            browser, end = scene.sign_in("wang")
            assert end == "/sign-in?problem=oidc_token", (how, end)
            assert session_of(scene, browser)[0] == 401, how
        browser, end = scene.sign_in("wang")
        assert end == "/documents" and session_of(scene, browser)[0] == 200


@test
def another_key_and_no_provider():
    """A key that was changed counts at once; without the provider there is an answer that says so."""
    with Scene(register="1") as scene:
        browser, end = scene.sign_in("wang")
        first = session_of(scene, browser)[1]["account"]
        scene.provider.tell("rotate")
        browser, end = scene.sign_in("wang")
        assert end == "/documents" and session_of(scene, browser)[1]["account"] == first, end
        browser = Browser()
        url = scene.away(browser, "wang")
        scene.provider.stop()
        assert scene.back(browser, url) == "/sign-in?problem=oidc_provider"
        # One that never answered since it was set.
        scene.user("oidc", "issuer", f"http://127.0.0.1:{free_port()}")
        status, end, _ = Browser().open(scene.site + "/api/v1/oidc/begin?to=/")
        assert end == scene.site + "/sign-in?problem=oidc_provider", (status, end)
        scene.user("oidc", "issuer", "")
        assert json.loads(scene.server.request("GET", "/api/v1/oidc")[2])["offered"] is False
        assert Browser().open(scene.site + "/api/v1/oidc/begin?to=/")[1].endswith("?problem=oidc_off")


@test
def whom_nobody_knows():
    """Refused unless the policy says otherwise; by a verified mail address; by linking from one's own account."""
    with Scene() as scene:
        scene.user("add", "wang", "--mail", "wang@example.org", "--password-stdin", given=PASSWORD + "\n")
        scene.user("add", "li", "--password-stdin", given=PASSWORD + "\n")
        browser, end = scene.sign_in("wang")
        assert end == "/sign-in?problem=oidc_unknown" and session_of(scene, browser)[0] == 401
        # Linked from one's own account: the way back bears no session, the ticket does.
        own = Browser()
        assert own.ask(scene.site, "/api/v1/session", "POST", {"login": "li", "password": PASSWORD})[0] == 200
        assert own.ask(scene.site, "/api/v1/account/identity") == (200, {"linked": False})
        assert scene.back(own, scene.away(own, "unli", "link=1&to=/account")) == "/account"
        assert own.ask(scene.site, "/api/v1/account/identity") == (200, {"linked": True})
        browser, end = scene.sign_in("unli")
        assert end == "/documents" and session_of(scene, browser)[1]["login"] == "li", end
        # It is nobody else's now.
        other = Browser()
        assert other.ask(scene.site, "/api/v1/session", "POST", {"login": "wang", "password": PASSWORD})[0] == 200
        assert scene.back(other, scene.away(other, "unli", "link=1&to=/account")) == "/account?problem=oidc_taken"
        assert own.ask(scene.site, "/api/v1/account/identity", "DELETE")[0] == 204
        assert scene.sign_in("unli")[1] == "/sign-in?problem=oidc_unknown"
        assert Browser().open(scene.site + "/api/v1/oidc/begin?link=1&to=/account")[0] == 403
        for page in ("//evil.example", "https://evil.example", "/\\evil.example", "/api/v1/session", "/a%0d%0ab"):
            assert Browser().open(scene.site + "/api/v1/oidc/begin?to=" + page)[0] == 400, page


@test
def factors():
    """Two factors there are two here when the policy says so, and one otherwise."""
    with Scene(register="1") as scene:
        scene.provider.tell("bend?how=mfa")
        assert session_of(scene, scene.sign_in("wang")[0])[1]["factors"] == 1
        scene.user("oidc", "trust_mfa", "1")
        assert session_of(scene, scene.sign_in("wang")[0])[1]["factors"] == 1
        scene.provider.tell("bend?how=mfa")
        assert session_of(scene, scene.sign_in("wang")[0])[1]["factors"] == 2


if __name__ == "__main__":
    main()
