#!/usr/bin/env python3
"""Somebody guesses at one account from a hundred blocks of addresses at once."""
import collections
import concurrent.futures
import hashlib
import http.client
import itertools
import json
import re
import subprocess
import time

from house import FAPIAO, Folder, Serving, main, run, test

PASSWORD = "correct horse battery"
BLOCKS, GUESSES = 100, 100
AT_ONCE, AN_HOUR = 20, 60  # http_limits.h


class Site(Serving):
    OPEN = ()

    def sign_in(self, password: str, source: str = "127.0.0.1", **headers) -> tuple[int, list, dict]:
        return ask(self.port, source, password, headers)

    def challenge(self) -> str:
        task = self.get("/api/v1/challenge")
        for n in itertools.count():
            answer = f"{task['text']}.{n}"
            if int.from_bytes(hashlib.sha256(answer.encode()).digest(), "big") >> (256 - task["bits"]) == 0:
                return answer


def ask(port: int, source: str, password: str, headers: dict) -> tuple[int, list, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    try:
        return guess(connection, password, headers)
    finally:
        connection.close()


def guess(connection, password: str, headers: dict) -> tuple[int, list, dict]:
    body = json.dumps({"login": "wang", "password": password})
    connection.request("POST", "/api/v1/session", body,
                       {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}})
    answer = connection.getresponse()
    return answer.status, answer.msg.get_all("Set-Cookie") or [], json.loads(answer.read())


def attack(port: int, block: int) -> collections.Counter:
    seen = collections.Counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(f"127.7.{block}.9", 0))
    for i in range(GUESSES):
        # What a stranger says of where he comes from counts for nothing.
        status, _, answer = guess(connection, f"guess {block} {i}", {"X-Forwarded-For": f"198.51.{block}.{i}"})
        seen[(status, answer.get("code"))] += 1
    connection.close()
    return seen


def entries(folder: Folder, act: str) -> list[dict]:
    done = run(FAPIAO, "audit-log", "--data", folder.data, "--act", act, "--json")
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith("{")]


@test
def ten_thousand_guesses():
    with Folder() as folder, Site(folder.data) as site:
        subprocess.run([FAPIAO, "user", "add", "wang", "--role", "reader", "--mail", "wang@example.org", "--password-stdin",
                        "--data", folder.data], input=PASSWORD.encode() + b"\n", capture_output=True, check=True)
        status, cookies, _ = site.sign_in(PASSWORD)
        device = next(m[0] for c in cookies if (m := re.match(r"__Host-fapiao-device=[0-9a-f]+", c)))
        assert status == 200, status
        before, begun = site_size(folder), time.monotonic()
        seen, waits = collections.Counter(), []
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            guesses = [pool.submit(attack, site.port, block) for block in range(1, BLOCKS + 1)]
            while not all(g.done() for g in guesses):
                asked = time.monotonic()
                status, _, answer = site.sign_in(PASSWORD, "127.9.9.9", Cookie=device)
                assert status == 200, (status, answer)
                waits.append(time.monotonic() - asked)
                time.sleep(0.2)
            for one in guesses:
                seen += one.result()
        took = time.monotonic() - begun
        hashed = sum(n for (status, _), n in seen.items() if status == 401)
        assert sum(seen.values()) == BLOCKS * GUESSES and not any(status == 200 for status, _ in seen), seen
        assert set(seen) <= {(401, "wrong_login"), (429, "challenge_wanted"), (429, "too_many_requests")}, seen
        # The limit comes before the hash: what was not hashed was not compared.
        assert hashed <= AT_ONCE + 1 + took * AN_HOUR / 3600, (hashed, took)
        assert sorted(waits)[len(waits) // 2] < 1, waits
        # Somewhere new, and with no cookie, its owner shows some work.
        status, _, answer = site.sign_in(PASSWORD, "127.8.8.8")
        assert (status, answer["code"]) == (429, "challenge_wanted"), answer
        work = site.challenge()
        assert site.sign_in(PASSWORD, "127.8.8.8", Fapiao_Challenge=work)[0] == 200
        assert site.sign_in(PASSWORD, "127.8.8.8", Fapiao_Challenge=work)[0] == 429
        told = entries(folder, "session.guessing")
        assert len(told) == 1, told
        # The log has an entry for each sign-in that went well, and few for all those that did not.
        grown = site_size(folder) - before - len(waits) - 1
        assert grown < 2 * BLOCKS, grown
        print(f"  {hashed} of {sum(seen.values())} hashed in {took:.1f} s; the owner got in within {max(waits):.2f} s, {len(waits)} times; "
              f"{grown} entries")


def site_size(folder: Folder) -> int:
    """Of the newest checkpoint, once it stands still."""
    last = -1
    while True:
        time.sleep(2)
        done = run(FAPIAO, "ledger", "head", "--data", folder.data)
        size = int(done.stdout.decode().splitlines()[1]) if done.returncode == 0 else -1
        if size == last and size > 0:
            return size
        last = size


if __name__ == "__main__":
    main()
