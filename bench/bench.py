#!/usr/bin/env python3
"""One table: us, a peer and the limit, interleaved in one run, as ratios of work per second of server CPU.

    bench.py          the full run, about ten minutes; appends to bench/history.jsonl
    bench.py --tiny   seconds, inside the tests: proves that the benchmark still runs; asserts no speed
    bench.py --only verify,start   these parts alone (bulk makes the data for them, unmeasured)
    bench.py --only lists          finding among a million: some quarter of an hour, 10 GB in FAPIAO_BENCH_DIR

These machines are shared, so absolute times lie: only ratios within one run are kept.
"""
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import invoices  # noqa: E402
import lists  # noqa: E402

if any(option.startswith("-") and option not in ("--tiny", "--only") for option in sys.argv[1:]):
    raise SystemExit(__doc__)
ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("FAPIAO_BUILD", ROOT / "build"))
TINY = "--tiny" in sys.argv
ONLY = sys.argv[sys.argv.index("--only") + 1].split(",") if "--only" in sys.argv else []
ROWS = 2_000 if TINY else 100_000
SECONDS = 0.5 if TINY else 3
ROUNDS = 1 if TINY else 5
TICKS = os.sysconf("SC_CLK_TCK")
rows_printed: list[dict] = []
problems: list[str] = []


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree(pid: int) -> list[int]:
    found = [pid]
    for child in subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split():
        found += tree(int(child))
    return found


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process, its living children, and the dead ones that they waited for."""
    total = 0
    for p in tree(pid):
        try:
            fields = pathlib.Path(f"/proc/{p}/stat").read_text().rsplit(")", 1)[1].split()
            total += sum(int(x) for x in fields[11:15])
        except OSError:
            pass
    return total / TICKS


def memory_of(pid: int) -> float:
    """MiB that a process and its children hold, each shared page counted once for all (PSS)."""
    total = 0
    for p in tree(pid):
        try:
            total += int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{p}/smaps_rollup").read_text(), re.M)[1])
        except (OSError, TypeError):
            pass
    return total / 1024


def wait_for(url: str, process: subprocess.Popen, limit: float = 60) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        try:
            urllib.request.urlopen(url, timeout=1).read()
            return time.monotonic() - begun
        except OSError as error:
            if getattr(error, "code", None):
                return time.monotonic() - begun
            if process.poll() is not None:
                raise SystemExit(f"{process.args[0]} stopped with {process.returncode}")
            time.sleep(0.005)
    raise SystemExit(f"{url} did not answer")


def wrk(port: int, path: str, script: str | None, connections: int, seconds: float = SECONDS, **env) -> tuple[int, int]:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, int(seconds))}s"]
    if script:
        command += ["-s", str(ROOT / "bench" / script)]
    out = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True,
                         env={**os.environ, **{k: str(v) for k, v in env.items()}})
    if found := re.search(r"requests (\d+) errors (\d+)", out.stdout):
        return int(found[1]), int(found[2])
    found = re.search(r"(\d+) requests in", out.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out.stdout)
    if not found:
        raise SystemExit("wrk said: " + out.stdout + out.stderr)
    return int(found[1]), int(bad[1]) if bad else 0


def per_cpu(pid: int, load) -> tuple[float, float, int]:
    """(requests per CPU-second of the server, per second of wall time, errors)."""
    before, begun = cpu_of(pid), time.monotonic()
    count, errors = load()
    wall, used = time.monotonic() - begun, cpu_of(pid) - before
    return (count - errors) / max(used, 1 / TICKS), (count - errors) / wall, errors


def show(what: str, ours: str, peer: str, ratio: float | None, goal: str, met: bool | None) -> None:
    rows_printed.append({"what": what, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "met": met})
    mark = "" if met is None else "yes" if met else "NO"
    print(f"| {what:44} | {ours:>22} | {peer:>30} | {'' if ratio is None else f'{ratio:.2f}':>7} | {goal:>9} | {mark:>3} |", flush=True)


class Server:
    def __init__(self, args: list, port: int, **options):
        self.port = port
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(args, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def fapiao(data: pathlib.Path) -> Server:
    port = free_port()
    return Server([BUILD / "fapiao", "serve", "--data", data, "--listen", f"127.0.0.1:{port}", "--trust-loopback", "--no-rate-limits"], port)


def nginx(folder: pathlib.Path, body: bytes) -> Server:
    port = free_port()
    (folder / "www").mkdir()
    (folder / "www/static.json").write_bytes(body)
    folder.chmod(0o755)
    (folder / "nginx.conf").write_text(
        ("user root; " if os.getuid() == 0 else "") + f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 512; }}\nhttp {{ access_log off; keepalive_requests 100000000; sendfile on; tcp_nodelay on;\n"
        f"client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}\n")
    return Server(["nginx", "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"], port)


def peer(folder: pathlib.Path, rows: int) -> Server:
    subprocess.run([ROOT / "bench/peer/build"], check=True)
    port = free_port()
    return Server(["node", ROOT / "bench/peer/server.mjs", str(port), folder / "peer.db", str(rows)], port)


def bench_bulk(work: pathlib.Path) -> pathlib.Path:
    """Drafts already read, against a bare loop that writes the same rows and bytes with primary keys only."""
    data = work / "bulk"
    ndjson = work / "drafts.ndjson"
    with open(ndjson, "w") as out:
        for i in range(ROWS):
            total = 10600 + i
            out.write(json.dumps(draft(i, total), ensure_ascii=False) + "\n")
    ratios, last = [], {}
    for round_ in range(1 if ONLY else min(ROUNDS, 3)):
        shutil.rmtree(data, ignore_errors=True)
        pathlib.Path(f"{data}.key").unlink(missing_ok=True)
        done = subprocess.run([BUILD / "bench_bulk", data, ndjson], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit("bench_bulk: " + done.stdout + done.stderr)
        last = json.loads(done.stdout.splitlines()[-1])
        ratios.append(last["bare_cpu"] / last["ours_cpu"])
    ratio = statistics.median(ratios)
    if ONLY:
        return data
    show("bulk: drafts committed, per CPU-second", f"{ROWS / last['ours_cpu']:,.0f}", f"bare loop {ROWS / last['bare_cpu']:,.0f}", ratio, "≥ 0.3", ratio >= 0.3)
    return data


def draft(i: int, total: int) -> dict:
    tax = total * 6 // 106
    money = lambda fen: f"{fen // 100}.{fen % 100:02d}"
    party = lambda role, n: {"name": f"压测{role}有限公司{n}", "tax_id": f"91110105MA{n:08d}", "address_phone": "北京市朝阳区1号 010-12345678", "bank_account": "某银行 1234567890"}
    return {"kind": "32", "code": "", "number": f"26112000000{i:09d}", "issue_date": "2026-01-15", "amount": money(total - tax), "tax": money(tax), "total": money(total),
            "check_code": "", "machine_number": "", "seller": party("销方", i % 997), "buyer": party("购方", i % 13),
            "lines": [{"name": "*餐饮服务*餐费", "spec": "", "unit": "次", "quantity": "1", "price": money(total - tax), "amount": money(total - tax), "tax_rate": "6%", "tax": money(tax), "tax_code": "3070401000000000000"}],
            "remark": "", "payee": "", "reviewer": "", "issuer": "张三", "red": {"is_red": False, "original_code": "", "original_number": "", "confirmation_number": ""},
            "fields": {f: {"source": "xml", "confidence": 1} for f in ("kind", "number", "issue_date", "amount", "tax", "total", "seller.name", "seller.tax_id", "buyer.name", "buyer.tax_id")},
            "seal": {"state": "absent", "signer": "", "issuer": "unchecked", "reasons": []}, "findings": []}


def bench_start(data: pathlib.Path) -> None:
    starts, idle = [], 0.0
    for _ in range(1 if TINY else 5):
        begun = time.monotonic()
        with fapiao(data) as server:
            wait_for(f"http://127.0.0.1:{server.port}/api/v1/health", server.process)
            starts.append((time.monotonic() - begun) * 1000)
            time.sleep(0.2 if TINY else 2)
            idle = memory_of(server.process.pid)
    start = min(starts)
    show(f"start until it answers, {ROWS:,} invoices, ms", f"{start:.0f}", "", None, "≤ 300", start <= 300)
    show("idle memory of all processes (PSS), MiB", f"{idle:.1f}", "", None, "≤ 64", idle <= 64)


def verify_each(server: Server, first: int, count: int) -> tuple[int, int]:
    """`count` questions; wrk itself stays for the whole time, which is enough for 10,000 a second."""
    return wrk(server.port, "/", "verify.lua", 32, count / 10_000, ROWS=ROWS, FIRST=first, COUNT=count)


def bench_audit(data: pathlib.Path) -> None:
    """CPU of an audit, of a folder that the server has sealed: without contents, and whole."""
    with fapiao(data) as server:
        wait_for(f"http://127.0.0.1:{server.port}/api/v1/health", server.process)
        begun = time.monotonic()
        while not (data / "ledger/checkpoint").exists() and time.monotonic() - begun < 60:
            time.sleep(0.05)
    for what, options, goal in (("without contents", ["--no-content"], 100_000), ("whole", [], None)):
        costs = []
        for _ in range(1 if TINY or goal is None else 5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done = subprocess.run([BUILD / "fapiao", "audit", "--data", data, "--json", *options], capture_output=True, text=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            if done.returncode:
                raise SystemExit("fapiao audit: " + done.stdout + done.stderr)
            costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        rate = ROWS / max(statistics.median(costs), 0.001)
        show(f"audit {what}, invoices per CPU-second", f"{rate:,.0f}", "", None, f"≥ {goal:,}" if goal else "", rate >= goal if goal else None)


def bench_verify(work: pathlib.Path, data: pathlib.Path) -> None:
    with fapiao(data) as ours, peer(work, ROWS) as node:
        for server in (ours, node):
            wait_for(f"http://127.0.0.1:{server.port}/api/v1/health", server.process)
        request = urllib.request.Request(f"http://127.0.0.1:{ours.port}/api/v1/verifications", method="POST", headers={"Content-Type": "application/json"},
                                         data=json.dumps({"number": f"26112000000{ROWS - 1:09d}", "issue_date": "2026-01-15", "total": f"{(10600 + ROWS - 1) / 100:.2f}"}).encode())
        body = urllib.request.urlopen(request).read()
        if json.loads(body)["result"] != "match":
            problems.append(f"the verification that is measured does not match: {body!r}")
        static = work / "nginx"
        static.mkdir()
        with nginx(static, body) as limit:
            wait_for(f"http://127.0.0.1:{limit.port}/static.json", limit.process)
            figures = {"ours": [], "node": [], "nginx": []}
            # Each number once, first: then what both servers and the processor remember is warm. Five
            # rounds of two fifths behind it ask each twice more: below the five times a day.
            count = ROWS * 2 // 5
            cold, _, errors = per_cpu(ours.process.pid, lambda: verify_each(ours, 0, ROWS))
            verify_each(node, 0, ROWS)
            for round_ in range(ROUNDS):
                cpu, _, wrong = per_cpu(ours.process.pid, lambda: verify_each(ours, round_ * count, count))
                errors += wrong
                figures["ours"].append(cpu)
                figures["node"].append(per_cpu(node.process.pid, lambda: verify_each(node, round_ * count, count))[0])
                figures["nginx"].append(per_cpu(limit.process.pid, lambda: wrk(limit.port, "/static.json", None, 32, 1))[0])
            if errors:
                problems.append(f"{errors} of our answers were errors")
    pairs = list(zip(figures["ours"], figures["node"], figures["nginx"]))
    to_limit = statistics.median(o / n for o, _, n in pairs)
    to_peer = statistics.median(o / p for o, p, _ in pairs)
    ours, node, limit = (statistics.median(figures[k]) for k in ("ours", "node", "nginx"))
    show("verify over HTTP, per CPU-second, to the limit", f"{ours:,.0f}", f"nginx, a static file {limit:,.0f}", to_limit, "≥ 0.25", to_limit >= 0.25)
    show("the same, when a number is asked for the first time", f"{cold:,.0f}", "", cold / node, "", None)
    show("verify over HTTP, per CPU-second, to the peer", f"{ours:,.0f}", f"Fastify + SQLite {node:,.0f}", to_peer, "≥ 3", to_peer >= 3)


def wait_read(server: Server, limit: float = 300) -> None:
    """Until all that was taken in is read: the peer's turn must not be shared with our readers."""
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        today = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/v1/today").read())
        if today["in_progress"] == 0:
            return
        time.sleep(0.2)
    problems.append(f"{today['in_progress']} documents were not read in {limit:.0f} seconds")


def bench_ingest(work: pathlib.Path) -> None:
    """The same form to both. Beside it, without a goal, the peer handed the bytes alone: no form to take apart."""
    with fapiao(work / "ingest") as ours, peer(work, 1) as node:
        for server in (ours, node):
            wait_for(f"http://127.0.0.1:{server.port}/api/v1/health", server.process)
        cpu, wall = {"ours": [], "form": [], "bytes": []}, {"ours": [], "form": [], "bytes": []}
        asked = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{ours.port}/api/v1/today").read())
        for round_ in range(ROUNDS):
            for name, server, form in (("ours", ours, 1), ("form", node, 1), ("bytes", node, 0)):
                by_cpu, by_wall, errors = per_cpu(
                    server.process.pid,
                    lambda s=server, f=form, n=name: wrk(s.port, "/", "ingest.lua", 64, MULTIPART=f, SALT=f"{n[0]}{round_}"))
                if name == "ours":
                    if errors:
                        problems.append(f"{errors} documents were not taken in")
                    wait_read(ours)
                cpu[name].append(by_cpu)
                wall[name].append(by_wall)
        done = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{ours.port}/api/v1/today").read())
        commits = (done["commits"] - asked["commits"]) / max(1, done["received"] - asked["received"])

    def ratio(of: dict, name: str) -> float:
        return statistics.median(o / p for o, p in zip(of["ours"], of[name]))

    median = {name: statistics.median(walls) for name, walls in wall.items()}
    show("durable ingest, 1 KiB, 64 in flight, per second", f"{median['ours']:,.0f}", f"a commit each {median['form']:,.0f}",
         ratio(wall, "form"), "≥ 10", ratio(wall, "form") >= 10)
    show("commits for that, receipts and outcomes, per second", f"{median['ours'] * commits:,.0f}", f"{median['form']:,.0f}", None, "", None)
    show("the same, per CPU-second of all processes", "", "", ratio(cpu, "form"), "", None)
    show("the peer handed the bytes alone, per second", f"{median['ours']:,.0f}", f"a commit each {median['bytes']:,.0f}", ratio(wall, "bytes"), "", None)
    show("the same, per CPU-second of all processes", "", "", ratio(cpu, "bytes"), "", None)


def bench_leaves(work: pathlib.Path) -> None:
    """The same server with and without the ledger, by turns; what is taken in is not read, which would cost the same in both."""
    ports = {"with": free_port(), "without": free_port()}
    by_cpu, by_wall, walls = [], [], {"with": [], "without": []}
    with Server([BUILD / "bench_serve", work / "leaves", str(ports["with"])], ports["with"]) as leaves, \
            Server([BUILD / "bench_serve", work / "bare", str(ports["without"]), "no-leaves"], ports["without"]) as bare:
        servers = {"with": leaves, "without": bare}
        for server in servers.values():
            wait_for(f"http://127.0.0.1:{server.port}/api/v1/health", server.process)
        for round_ in range(1 if TINY else 3 * ROUNDS):
            cpu, wall = {}, {}
            for name in ("with", "without") if round_ % 2 == 0 else ("without", "with"):
                server = servers[name]
                cpu[name], wall[name], errors = per_cpu(
                    server.process.pid, lambda s=server: wrk(s.port, "/", "ingest.lua", 64, 2, MULTIPART=1, SALT=f"l{round_}"))
                if errors:
                    problems.append(f"{errors} documents were not taken in {name} leaves")
                walls[name].append(wall[name])
            by_cpu.append(cpu["with"] / cpu["without"])
            by_wall.append(wall["with"] / wall["without"])
    wall, with_, without = statistics.median(by_wall), statistics.median(walls["with"]), statistics.median(walls["without"])
    show("durable ingest with the ledger, per second", f"{with_:,.0f}", f"the same without leaves {without:,.0f}", wall, "≥ 0.8", wall >= 0.8)
    show("the same, per CPU-second", "", "", statistics.median(by_cpu), "", None)


def bench_lists(work: pathlib.Path) -> None:
    """What finding costs: a million when this part is asked for alone, else as many as the others have."""
    count = 1_000_000 if ONLY and not TINY else ROWS
    data = work / "lists"
    fill = subprocess.Popen([BUILD / "bench_bulk", "--fill", data, "local"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    for draft_ in invoices.drafts(count):
        fill.stdin.write(json.dumps(draft_, ensure_ascii=False, separators=(",", ":")) + "\n")
    fill.stdin.close()
    if fill.wait():
        raise SystemExit("bench_bulk --fill failed")
    bare = lists.bare_folder(work / "bare.db", count)
    with fapiao(data) as server:
        wait_for(f"http://127.0.0.1:{server.port}/api/v1/health", server.process)
        lists.wait_quiet(server.process.pid, 5 if TINY else 900)
        found = lists.measure(server.port, server.process.pid, count, bare, 1 if TINY else 5)
    for row in found:
        peer_, ratio = ("", None) if row["bare"] is None else (f"bare SELECT {row['bare']:.2f}", row["bare"] / max(row["ours"], 1e-6))
        rows_ = "" if row["count"] is None else f" ({row['count']:,})"
        show(f"{row['what']}{rows_}, ms", f"{row['ours']:.2f}", peer_, ratio, "≤ 50", row["ours"] <= 50)


def bench_files() -> None:
    """CPU of parent and children for one file more, by format; the start of the program is left out."""
    samples = pathlib.Path(os.environ.get("FAPIAO_SAMPLES", ROOT.parent / "shared/samples"))
    folders = [("xml", samples / "xml", 1), ("ofd", samples / "ofd", 5), ("pdf", samples / "pdf", 30)]
    if not samples.is_dir():
        print("skipped: no sample files, so no figures by format")
        return

    def cpu(files: list, *options) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([BUILD / "fapiao", "read", "--json", *options, *files], capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    times = 3 if TINY else 41
    for name, folder, goal in folders:
        for options, bound in ((["--no-qr"], goal), ([], 400 if name == "pdf" else None)):
            if TINY and not options:
                continue
            files = sorted(f for f in folder.iterdir() if f.is_file())[:2 if TINY else None]
            count = times if options else 6
            costs = [(cpu([f] * count, *options) - cpu([f], *options)) / (count - 1) * 1000 for f in files]
            if not costs:
                continue
            median = statistics.median(costs)
            show(f"{name} read, ms of CPU a file, median of {len(files)}{'' if options else ', with QR'}", f"{median:.2f}", f"most {max(costs):.1f}", None,
                 f"≤ {bound}" if bound else "", median <= bound if bound else None)


def main() -> int:
    print(f"| {'what':44} | {'ours':>22} | {'peer':>30} | {'ratio':>7} | {'goal':>9} | met |\n|{'-' * 46}|{'-' * 24}|{'-' * 32}|{'-' * 9}|{'-' * 11}|{'-' * 5}|")
    with tempfile.TemporaryDirectory(prefix="fapiao-bench-", dir=os.environ.get("FAPIAO_BENCH_DIR")) as folder:
        work = pathlib.Path(folder)
        data = None if ONLY == ["lists"] else bench_bulk(work)
        parts = {"start": lambda: bench_start(data), "audit": lambda: bench_audit(data), "verify": lambda: bench_verify(work, data), "ingest": lambda: bench_ingest(work),
                 "leaves": lambda: bench_leaves(work), "lists": lambda: bench_lists(work), "files": bench_files}
        for name, part in parts.items():
            if not ONLY or name in ONLY:
                part()
    for problem in problems:
        print("PROBLEM:", problem)
    if not TINY:
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
        with open(ROOT / "bench/history.jsonl", "a") as out:
            out.write(json.dumps({"date": time.strftime("%Y-%m-%d"), "commit": commit, "rows": rows_printed}, ensure_ascii=False) + "\n")
    print(f"{len(rows_printed)} passed, {len(problems)} failed")
    return 1 if problems else 0


sys.exit(main())
