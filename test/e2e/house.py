"""What the tests of this folder share: the built programs, a data folder, counting."""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("FAPIAO_BUILD", ROOT / "build"))
FAPIAO = BUILD / "fapiao"
_samples = pathlib.Path(os.environ.get("FAPIAO_SAMPLES", ROOT.parent / "shared/samples"))
SAMPLES = _samples if _samples.is_dir() else None

_tests: list = []


def test(function):
    """Marks a test; its docstring or name says what holds."""
    _tests.append(function)
    return function


class Skip(Exception):
    pass


def main() -> None:
    passed = failed = skipped = 0
    wanted = sys.argv[1:]
    for function in _tests:
        if wanted and not any(w in function.__name__ for w in wanted):
            continue
        try:
            function()
            passed += 1
        except Skip as why:
            skipped += 1
            print(f"skipped: {why}")
        except Exception:
            failed += 1
            print(f"FAILED {function.__name__}: {function.__doc__ or ''}")
            traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


def run(*args, **options) -> subprocess.CompletedProcess:
    return subprocess.run([str(a) for a in args], capture_output=True, stdin=subprocess.DEVNULL, timeout=options.pop("timeout", 300), **options)


def read(*files, options=()) -> tuple[list[dict], int]:
    done = run(FAPIAO, "read", "--json", *options, *files)
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.returncode


class Folder:
    """A data folder in a temporary place, and its key beside it; both are gone afterwards."""

    def __init__(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="fapiao-e2e-"))
        self.data = self.top / "data"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def import_(self, *paths) -> list[dict]:
        done = run(FAPIAO, "import", "--data", self.data, *paths)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def original(self, reference: str) -> bytes:
        done = run(FAPIAO, "original", "--data", self.data, reference)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def verify(self, **fields) -> dict:
        options = [x for k, v in fields.items() for x in (f"--{k.replace('_', '-')}", v)]
        done = run(FAPIAO, "verify", "--data", self.data, *options, "--json")
        return json.loads(done.stdout.decode() or "{}")


class Serving:
    VERB = "serve"
    OPEN = ("--trust-loopback",)  # whoever asks on this machine needs no account

    def __init__(self, data: pathlib.Path, *options):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen([FAPIAO, self.VERB, "--data", data, "--listen", f"127.0.0.1:{self.port}", *self.OPEN, *options],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        begun = time.monotonic()
        while True:
            try:
                self.get("/api/v1/health")
                break
            except OSError:
                assert self.process.poll() is None, self.process.stderr.read().decode()
                assert time.monotonic() - begun < 30, "the server does not answer"
                time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def request(self, method: str, path: str, body: bytes | None = None, **headers) -> tuple[int, dict, bytes]:
        ask = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method,
                                     headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(ask, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def get(self, path: str) -> dict:
        status, _, body = self.request("GET", path)
        assert status == 200, (path, status, body[:300])
        return json.loads(body)

    def upload(self, name: str, content: bytes, query: str = "?wait=outcome", **headers) -> tuple[int, dict]:
        body = (f'--frontier\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n").encode() + content + b"\r\n--frontier--\r\n"
        status, _, answer = self.request("POST", "/api/v1/documents" + query, body,
                                         Content_Type="multipart/form-data; boundary=frontier", **headers)
        return status, json.loads(answer)

    def post_json(self, path: str, value: dict) -> tuple[int, dict]:
        status, _, answer = self.request("POST", path, json.dumps(value).encode(), Content_Type="application/json")
        return status, json.loads(answer)


def invoice_xml(number: str, total: str = "106.00", amount: str = "100.00", tax: str = "6.00", date: str = "2026-01-15",
                seller: str = "测试销方有限公司", buyer: str = "测试购方有限公司", special: bool = False, remark: str = "") -> bytes:
    """A 数电票 of our own making: no signature, parties that do not exist."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>{number}</EIid><EInvoiceTag>SWEI1100</EInvoiceTag><Version>0.31</Version><InherentLabel>
<InIssuType><LabelCode>Y</LabelCode></InIssuType><EInvoiceType><LabelCode>01</LabelCode></EInvoiceType>
<GeneralOrSpecialVAT><LabelCode>{'01' if special else '02'}</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>91110105DEMA00013J</SellerIdNum><SellerName>{seller}</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>91110108DEMB00014K</BuyerIdNum><BuyerName>{buyer}</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>{amount}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
<TotalTax-includedAmount>{total}</TotalTax-includedAmount><Drawer>测试</Drawer><RequestTime>{date}</RequestTime></BasicInformation>
<IssuItemInformation><ItemName>*餐饮服务*餐费</ItemName><Quantity>1</Quantity><UnPrice>{amount}</UnPrice><Amount>{amount}</Amount>
<TaxRate>0.06</TaxRate><ComTaxAm>{tax}</ComTaxAm><TaxClassificationCode>3070401000000000000</TaxClassificationCode></IssuItemInformation>
<AdditionalInformation><Remark>{remark}</Remark></AdditionalInformation></EInvoiceData></EInvoice>
""".encode()
