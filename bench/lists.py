"""lists: what finding costs, by the CPU of the server, against a bare SELECT of the same rows.

The bare side is SQLite without encryption, HTTP or JSON, one narrow table of the same invoices with
the index that suits each question best; it gives the page and, where the list says it exactly, the
total line. Each question is asked in turn, so that what the server remembers of totals has gone when
a question comes round again.
"""
import json
import pathlib
import sqlite3
import statistics
import time
import urllib.parse
import urllib.request

import invoices

SUM = "SELECT count(*), sum(amount), sum(tax), sum(total) FROM invoice WHERE "
PAGE = "SELECT * FROM invoice WHERE "
COVER = "number, code, date, kind, state, amount, tax, total, seller, buyer"
INDEXES = {"by_date": f"date, id, {COVER}", "by_total": f"total, id, {COVER}", "by_amount": f"amount, id, {COVER}", "by_number": f"number, date, id, {COVER}",
           "by_code": f"code, date, id, {COVER}", "by_seller": f"seller, date, id, {COVER}", "by_buyer": f"buyer, date, id, {COVER}", "by_kind": f"kind, date, id, {COVER}",
           "by_state": f"state, date, id, {COVER}"}
NAMES = "(SELECT id FROM party WHERE name LIKE '%{}%')"


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process's threads, to the nanosecond."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            pass
    return total / 1e9


def bare_folder(path: pathlib.Path, count: int) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -65536")
    db.execute("CREATE TABLE party (id INTEGER PRIMARY KEY, name, tax_id)")
    db.execute("CREATE TABLE invoice (id INTEGER PRIMARY KEY, number, code, date, kind, state, amount, tax, total, seller, buyer)")
    parties: dict = {}
    fen = lambda text: int(text.replace(".", ""))
    party = lambda p: parties.setdefault((p["name"], p["tax_id"]), len(parties) + 1)
    rows = ((d["number"], d["code"], d["issue_date"], d["kind"], "red" if d["red"]["is_red"] else "normal", fen(d["amount"]), fen(d["tax"]), fen(d["total"]),
             party(d["seller"]), party(d["buyer"])) for d in invoices.drafts(count))
    db.executemany("INSERT INTO invoice (number, code, date, kind, state, amount, tax, total, seller, buyer) VALUES (?,?,?,?,?,?,?,?,?,?)", rows)
    db.executemany("INSERT INTO party VALUES (?,?,?)", ((n, *p) for p, n in parties.items()))
    for name, columns in INDEXES.items():
        db.execute(f"CREATE INDEX {name} ON invoice ({columns})")
    db.execute("ANALYZE")
    db.commit()
    return db


def cases(count: int) -> list:
    """(what, query of /api/v1/invoices, WHERE of the bare side or None, its order, whether it has a total line)"""
    sides = invoices.sides_of(count)
    some = [invoices.draft(i, sides, "invoice") for i in (count // 2, count // 3, count // 5 * 4)]
    coded = next(d for d in (invoices.draft(i, sides, "invoice") for i in range(count // 2, count)) if d["code"])
    own, big, small = sides["own"][0], invoices.party("seller", 0), some[1]["seller"]
    month = some[0]["issue_date"][:7]
    number, net = some[0]["number"], some[0]["amount"]
    fen = int(net.replace(".", ""))
    days = f"date BETWEEN '{month}-01' AND '{month}-31'"
    dated = {"date_from": f"{month}-01", "date_to": f"{month}-28"}
    by = "date DESC, id DESC"
    return [
        ("all, newest first", {}, "1", by, True),
        ("all, greatest total first", {"sort": "-total"}, "1", "total DESC, id DESC", True),
        ("all, last come first (home page)", {"sort": "-received_at", "limit": 8}, "1", "id DESC", True),
        ("number, whole", {"number": number}, f"number = '{number}'", by, True),
        ("number, 12 digits (what is near)", {"number": number[:12], "limit": 100}, f"number >= '{number[:12]}' AND number < '{number[:12]}~'", by, True),
        ("number, 4 digits", {"number": number[:4]}, f"number >= '{number[:4]}' AND number < '{number[:4]}~'", by, True),
        ("number, 2 digits", {"number": number[:2]}, f"number >= '{number[:2]}' AND number < '{number[:2]}~'", by, False),
        ("number that is not there", {"number": "99" + number[2:]}, f"number = '99{number[2:]}'", by, True),
        ("code", {"code": coded["code"]}, f"code = '{coded['code']}'", by, True),
        ("seller, whole name", {"seller": small["name"]}, f"seller IN {NAMES.format(small['name'])}", by, True),
        ("seller, the one with most", {"seller": big["name"]}, f"seller IN {NAMES.format(big['name'])}", by, True),
        ("seller, two characters (安保)", {"seller": "安保"}, f"seller IN {NAMES.format('安保')}", by, True),
        ("seller, one character (安)", {"seller": "安"}, f"seller IN {NAMES.format('安')}", by, True),
        ("seller, in most names (公司)", {"seller": "公司"}, f"seller IN {NAMES.format('公司')}", by, False),
        ("seller, in no name", {"seller": "没有这家"}, f"seller IN {NAMES.format('没有这家')}", by, True),
        ("buyer, a company of ours", {"buyer": own["tax_id"]}, f"buyer IN (SELECT id FROM party WHERE tax_id = '{own['tax_id']}')", by, True),
        ("seller and buyer", {"seller": big["name"], "buyer": own["tax_id"]},
         f"seller IN {NAMES.format(big['name'])} AND buyer IN (SELECT id FROM party WHERE tax_id = '{own['tax_id']}')", by, True),
        ("a month", dated, days, by, True),
        ("a month, greatest total first", {**dated, "sort": "-total"}, days, "total DESC, id DESC", True),
        ("an amount", {"amount_min": net, "amount_max": net}, f"amount = {fen}", by, True),
        ("amount, from on", {"amount_min": "1000"}, "amount >= 100000", by, False),
        ("total, between", {"total_min": "500.00", "total_max": "500.99"}, "total BETWEEN 50000 AND 50099", by, True),
        ("kind, one in 25", {"kind": "01"}, "kind = '01'", by, True),
        ("kind, greatest total first", {"kind": "01", "sort": "-total"}, "kind = '01'", "total DESC, id DESC", True),
        ("state, red", {"state": "red"}, "state = 'red'", by, True),
        ("state, in conflict (there is none)", {"state": "conflict"}, "state = 'conflict'", by, True),
        ("a month, a kind, a seller", {**dated, "kind": "32", "seller": big["name"]}, f"{days} AND kind = '32' AND seller IN {NAMES.format(big['name'])}", by, True),
        ("anything: a name", {"q": small["name"][2:6]}, f"seller IN {NAMES.format(small['name'][2:6])} OR buyer IN {NAMES.format(small['name'][2:6])}", by, True),
        ("anything: an amount", {"q": net}, f"amount = {fen} OR total = {fen}", by, True),
    ]


OTHERS = [("documents, newest first", "/api/v1/documents"), ("documents in quarantine (home page)", "/api/v1/documents?state=quarantined&limit=6"),
          ("documents in conflict (home page)", "/api/v1/documents?state=conflict&limit=6"), ("documents in progress", "/api/v1/documents?state=received"),
          ("documents, accepted", "/api/v1/documents?state=accepted"), ("documents of a day", "/api/v1/documents?day={day}"),
          ("documents of a day, in quarantine", "/api/v1/documents?day={day}&state=quarantined"), ("today (home page)", "/api/v1/today"),
          ("an invoice", "/api/v1/invoices/{id}"), ("sync page", "/api/v1/sync"), ("days", "/api/v1/days")]


class Lists:
    def __init__(self, server, pid: int, seconds: float):
        self.root, self.pid, self.rounds = f"http://127.0.0.1:{server}", pid, seconds

    def ask(self, path: str) -> tuple[float, dict]:
        before = cpu_of(self.pid)
        body = urllib.request.urlopen(self.root + path, timeout=600).read()
        return (cpu_of(self.pid) - before) * 1000, json.loads(body)

    def invoices(self, query: dict) -> tuple[float, dict]:
        return self.ask("/api/v1/invoices?" + urllib.parse.urlencode({"limit": 50, **query}))

    def deep(self, pages: int) -> str:
        """The cursor behind so many pages of 50."""
        cursor = ""
        for _ in range(max(1, pages * 50 // 200)):
            cursor = self.invoices({"limit": 200, "cursor": cursor})[1]["next_cursor"] or ""
        return cursor


def wait_quiet(pid: int, limit: float = 900) -> None:
    """Until the server does nothing by itself: what bulk made is sealed."""
    begun = time.monotonic()
    while time.monotonic() - begun < limit:
        before = cpu_of(pid)
        time.sleep(1)
        if cpu_of(pid) - before < 0.02:
            return


def bare_time(db: sqlite3.Connection, where: str, order: str, limit: int, total: bool) -> float:
    begun = time.thread_time()
    db.execute(f"{PAGE}{where} ORDER BY {order} LIMIT {limit + 1}").fetchall()
    if total:
        db.execute(SUM + where).fetchall()
    return (time.thread_time() - begun) * 1000


def measure(port: int, pid: int, count: int, db: sqlite3.Connection | None, rounds: int) -> list[dict]:
    """Milliseconds of CPU: ours the median of `rounds`, bare the best of as many."""
    lists = Lists(port, pid, rounds)
    asked = cases(count)
    asked.append(("all, page 1,000", {"cursor": lists.deep(1000)}, None, None, False))
    asked.append(("a seller, second page", {"seller": invoices.party("seller", 0)["name"], "cursor": "next"}, None, None, False))
    first = lists.invoices({})[1]
    found = {what: {"what": what, "ours": [], "bare": []} for what, *_ in asked} | {what: {"what": what, "ours": [], "bare": []} for what, _ in OTHERS}
    fields = {"day": time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600)), "id": first["items"][0]["id"]}
    for _ in range(rounds):
        for what, query, where, order, total in asked:
            if query.get("cursor") == "next":
                query = {**query, "cursor": lists.invoices({"seller": query["seller"]})[1]["next_cursor"] or ""}
            cost, page = lists.invoices(query)
            found[what]["ours"].append(cost)
            found[what]["count"] = page["total"]["count"]
            if where is not None and db is not None:
                found[what]["bare"].append(bare_time(db, where, order, int(query.get("limit", 50)), total))
        for what, path in OTHERS:
            found[what]["ours"].append(lists.ask(path.format(**fields))[0])
    return [{"what": f["what"], "count": f.get("count"), "ours": statistics.median(f["ours"]), "bare": min(f["bare"]) if f["bare"] else None} for f in found.values()]


if __name__ == "__main__":
    import sys
    port, pid, count, rounds = (int(x) for x in sys.argv[1:5])
    db = sqlite3.connect(sys.argv[5]) if len(sys.argv) > 5 else None
    for row in measure(port, pid, count, db, rounds):
        print(f"| {row['what']:40} | {'' if row['count'] is None else format(row['count'], ','):>9} | {row['ours']:9.2f} | {'' if row['bare'] is None else format(row['bare'], '9.2f'):>9} |", flush=True)
