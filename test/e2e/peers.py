"""Other machines of a test: witnesses, mirrors, and the lines between them, which can be cut and listened to."""
import base64
import contextlib
import hashlib
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

from house import FAPIAO, Serving, run

SIGNATURE = "\u2014 "


def eventually(condition, what: str, seconds: float = 60):
    """What it answers once it is true. Only tests that fail wait to the end."""
    begun = time.monotonic()
    while True:
        with contextlib.suppress(OSError, AssertionError):
            if value := condition():
                return value
        assert time.monotonic() - begun < seconds, f"never came: {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def vkeys_of(data: pathlib.Path) -> list[str]:
    done = run(FAPIAO, "ledger", "vkey", "--data", data)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().split()


def copied(data: pathlib.Path, name: str) -> pathlib.Path:
    """As someone backs a folder up: the folder and its key, while no server runs."""
    copy = data.parent / name
    shutil.copytree(data, copy)
    shutil.copy(data.parent / (data.name + ".key"), data.parent / (name + ".key"))
    return copy


class Witness:
    """`fapiao witness` on a port of its own that it keeps over restarts."""

    def __init__(self, top: pathlib.Path, name: str, vkeys: list[str]):
        self.folder, self.name, self.vkeys = top / name, f"w.example/{name}", vkeys
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = None
        self.start()
        done = run(FAPIAO, "witness", "vkey", "--dir", self.folder)
        self.vkey = done.stdout.decode().strip()
        assert self.vkey.startswith(self.name + "+"), done

    def start(self) -> None:
        logs = [x for v in self.vkeys for x in ("--log", v)]
        self.process = subprocess.Popen([FAPIAO, "witness", "--dir", self.folder, "--name", self.name,
                                         "--listen", f"127.0.0.1:{self.port}", *logs],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() is None, "a witness listens")

    def stop(self, sig: int = signal.SIGTERM) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(sig)
        self.process.wait(20)

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def newest(self) -> tuple[int, str]:
        """Size and root of what it cosigned last: its memory lies in one file a log."""
        files = list((self.folder / "origins").glob("*"))
        assert len(files) == 1, files
        lines = files[0].read_text().split("\n")
        return int(lines[1]), lines[2]


class Tap:
    """Between a server and a witness: keeps every byte both ways."""

    def __init__(self, port: int):
        self.target, self.sent, self.pairs = port, bytearray(), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.pass_on, args=(client,), daemon=True).start()

    def pass_on(self, client: socket.socket) -> None:
        with client:
            request, answer = bytearray(), bytearray()
            with contextlib.suppress(OSError):
                while not self.whole(request):
                    got = client.recv(65536)
                    if not got:
                        break
                    request += got
                self.sent += request
                with socket.create_connection(("127.0.0.1", self.target), 10) as server:
                    server.sendall(request)
                    while not self.whole(answer):
                        got = server.recv(65536)
                        if not got:
                            break
                        answer += got
                self.pairs.append((bytes(request), bytes(answer)))
                client.sendall(answer)

    @staticmethod
    def whole(message: bytearray) -> bool:
        head, gap, body = bytes(message).partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        return bool(gap) and len(body) >= int(length[1] if length else 0)


class Line:
    """TCP between a mirror and its primary. `cut` ends what is open and lets nobody through; `hold` keeps the bytes of one direction back,
    as a line does that works one way alone, until `heal` gives them; `allow` holds after so many bytes down."""

    def __init__(self, port: int):
        self.target, self.open, self.pairs = port, {"up": threading.Event(), "down": threading.Event()}, []
        self.passing, self.lock, self.allowance = True, threading.Lock(), None
        for way in self.open.values():
            way.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                if not self.passing:
                    client.close()
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self.target), 10)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                self.pairs.append((client, server))
            threading.Thread(target=self.pump, args=(client, server, self.open["up"]), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, self.open["down"]), daemon=True).start()

    def pump(self, source: socket.socket, target: socket.socket, way: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while got := source.recv(65536):
                if way is self.open["down"] and self.allowance is not None:
                    self.allowance -= len(got)
                    if self.allowance < 0:
                        way.clear()
                way.wait()
                target.sendall(got)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        with self.lock:
            self.passing = False
            for pair in self.pairs:
                for end in pair:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
                    end.close()
            self.pairs = []

    def hold(self, way: str) -> None:
        self.open[way].clear()

    def allow(self, bytes_down: int) -> None:
        self.heal()
        self.allowance = bytes_down

    def is_held(self) -> bool:
        return not self.open["down"].is_set()

    def heal(self) -> None:
        self.passing, self.allowance = True, None
        for way in self.open.values():
            way.set()

    def close(self) -> None:
        self.heal()
        self.cut()
        self.listener.close()


class Certificate:
    """Self-signed, of 127.0.0.1."""

    def __init__(self, top: pathlib.Path, name: str = "tls"):
        self.cert, self.key = top / f"{name}.pem", top / f"{name}-key.pem"
        done = run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                   "/CN=primary", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.key, "-out", self.cert)
        assert done.returncode == 0, done.stderr.decode()
        public = run("openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER").stdout
        self.pin = "sha256//" + base64.b64encode(hashlib.sha256(public).digest()).decode()


class Mirror(Serving):
    """`fapiao mirror` in a folder of its own."""

    VERB = "mirror"

    def __init__(self, data: pathlib.Path, name: str, token: pathlib.Path, url: str, *trust):
        self.data, self.name = data, name
        super().__init__(data, "--name", name, "--token", token, *trust, url)

    def itself(self) -> dict:
        return self.get("/api/v1/sync")["mirror"]
