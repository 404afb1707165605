#!/usr/bin/env python3
"""An independent checker of our ledger, written from the text of RFC 9162 (§2.1) and of C2SP's pages, not from our code.

    check.py --folder DIR --vkeys FILE [--mutate N --seed S] PROOF|FOLDER…

The same as check.go beside it: tiles from entries, checkpoints, steps, proofs; "N accepted, M rejected". Ed25519 by python3-cryptography where
it is installed; where it is not, signatures are left to check.go, and this says so. Commitments are recomputed with SHA-256 and, where OpenSSL
has it, SM3.
"""
import argparse
import base64
import hashlib
import pathlib
import random
import struct
import sys

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

OPENING, LEAF, SALT = b"fapiao/opening/v1\n", 154, 32
try:
    hashlib.new("sm3")
    SM3 = True
except ValueError:
    SM3 = False


class Refused(Exception):
    pass


def need(condition: bool, why: str) -> None:
    if not condition:
        raise Refused(why)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


def unbase64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("no base64") from None
    need(base64.b64encode(raw).decode() == text, "base64 in another spelling")
    return raw


def decimal(text: str) -> int:
    need(text.isascii() and text.isdigit() and str(int(text)) == text, f"no number: {text[:30]}")
    return int(text)


# ---- RFC 9162 ----

def included(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    """§2.1.3.2"""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first: int, first_root: bytes, second: int, second_root: bytes, path: list[bytes]) -> bool:
    """§2.1.4.2"""
    if first == second:
        return not path and first_root == second_root
    if first & (first - 1) == 0:
        path = [first_root, *path]
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == first_root and sr == second_root


class Tree:
    """Levels of complete subtrees: row[k][n] is the hash of the leaves n * 2**k … (n + 1) * 2**k - 1."""

    def __init__(self, entries: list[bytes]):
        self.row = [[leaf_hash(e) for e in entries]]
        while len(self.row[-1]) > 1:
            below = self.row[-1]
            self.row.append([node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def root(self, size: int) -> bytes:
        """§2.1.1, for the first `size` leaves."""
        if size == 0:
            return sha256(b"")
        peaks, at = [], 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                peaks.append(self.row[level][at >> level])
                at += 1 << level
        hash_ = peaks.pop()
        while peaks:
            hash_ = node(peaks.pop(), hash_)
        return hash_


# ---- notes ----

class Key:
    def __init__(self, vkey: str):
        name, id_, coded = vkey.split("+", 2)
        raw = unbase64(coded)
        need(sha256(name.encode() + b"\n" + raw)[:4].hex() == id_, f"the id of {name} is not its own")
        self.name, self.id, self.type, self.public = name, bytes.fromhex(id_), raw[0], raw[1:]

    def holds(self, text: bytes, signature: bytes) -> bool:
        if self.type == 4:
            need(len(signature) == 72, "no cosignature")
            text = b"cosignature/v1\ntime %d\n" % struct.unpack(">Q", signature[:8]) + text
            signature = signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
            return True
        except InvalidSignature:
            return False


class Head:
    def __init__(self, note: bytes, keys: list[Key]):
        text, gap, lines = note.rpartition(b"\n\n")
        need(bool(gap) and lines.endswith(b"\n"), "no note")
        text += b"\n"
        signed = set()
        for line in lines.decode().splitlines():
            dash, name, coded = line.split(" ")
            raw = unbase64(coded)
            need(dash == "\u2014" and len(raw) > 4, "no signature line")
            for key in keys:
                if key.name == name and key.id == raw[:4] and key.type in (1, 4):
                    need(Ed25519PublicKey is None or key.holds(text, raw[4:]), f"the signature of {name} is false")
                    signed.add((key.name, key.type))
        rows = text.decode().split("\n")
        need(len(rows) >= 4 and rows[-1] == "" and all(rows[:-1]), "no checkpoint")
        self.origin, self.size, self.root, self.more = rows[0], decimal(rows[1]), unbase64(rows[2]), rows[3:-1]
        self.log = keys[0].name
        need(len(self.root) == 32 and (self.log, 1) in signed, "not signed by the log")


# ---- the folder ----

def tile_name(level: str, n: int, width: int) -> str:
    groups = f"{n:03d}" if n < 1000 else f"{n:0{(len(str(n)) + 2) // 3 * 3}d}"
    parts = [groups[i:i + 3] for i in range(0, len(groups), 3)]
    name = "/".join(["x" + p for p in parts[:-1]] + parts[-1:])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < 256 else "")


def tiles_of(size: int, level: int) -> list[tuple[int, int]]:
    count = size >> (8 * level)
    return [(n, min(256, count - n * 256)) for n in range((count + 255) // 256)]


def read_entries(folder: pathlib.Path, size: int) -> list[bytes]:
    entries = []
    for n, width in tiles_of(size, 0):
        data, at = (folder / tile_name("entries", n, width)).read_bytes(), 0
        for _ in range(width):
            length = struct.unpack_from(">H", data, at)[0]
            entries.append(data[at + 2:at + 2 + length])
            at += 2 + length
        need(at == len(data), f"bundle {n} is cut off or too long")
    return entries


def check_tiles(folder: pathlib.Path, tree: Tree, size: int) -> int:
    count = level = 0
    while size >> (8 * level):
        for n, width in tiles_of(size, level):
            name = tile_name(str(level), n, width)
            want = b"".join(tree.row[8 * level][n * 256:n * 256 + width])
            need((folder / name).read_bytes() == want, f"{name} is not as recomputed")
            count += 1
        level += 1
    return count


def check_folder(folder: pathlib.Path, keys: list[Key]) -> list[bytes]:
    head = Head((folder / "checkpoint").read_bytes(), keys)
    entries = read_entries(folder, head.size)
    tree, roots = Tree(entries), {}
    tiles = check_tiles(folder, tree, head.size)
    for path in [*folder.glob("checkpoints/*"), folder / "checkpoint"]:
        head = Head(path.read_bytes(), keys)
        need(head.origin == head.log and not head.more and tree.root(head.size) == head.root, f"{path} is not a head of this tree")
        check_tiles(folder, tree, head.size)
        roots[head.size] = head.root
    sizes, steps = sorted(roots), 0
    for old, size in zip(sizes, sizes[1:]):
        path = folder / f"consistency/{old}-{size}"
        if path.exists():
            need(consistent(old, roots[old], size, roots[size], [unbase64(x) for x in path.read_text().split()]), f"from {old} to {size} is no step")
            steps += 1
    print(f"{len(entries)} entries, {tiles} tiles, {len(sizes)} checkpoints, {steps} steps")
    return entries


# ---- proofs ----

class Proof:
    def __init__(self, data: bytes):
        front, gap, self.note = data.partition(b"\n\n")
        rows = front.decode().split("\n")
        need(bool(gap) and len(rows) >= 2 and rows.pop(0) == "c2sp.org/tlog-proof@v1", "no proof")
        self.extra = unbase64(rows.pop(0)[6:]) if rows[0].startswith("extra ") else b""
        need(bool(rows) and rows[0].startswith("index "), "no index")
        self.index = decimal(rows.pop(0)[6:])
        self.path = [unbase64(row) for row in rows]
        need(all(len(p) == 32 for p in self.path), "no hash")

    def verify(self, keys: list[Key], entries: list[bytes] | None) -> None:
        at = len(OPENING) + LEAF
        leaf, flag, rest = self.extra[len(OPENING):at], self.extra[at:at + 1], self.extra[at + 1:]
        need(self.extra.startswith(OPENING) and len(leaf) == LEAF, "no opening")
        head, index = Head(self.note, keys), self.index
        if head.origin == head.log + "/promise" and len(head.more) == 2:
            need(head.more[0].startswith("first ") and head.more[1].startswith("time "), "no promise")
            index += decimal(head.more[0][6:])
            decimal(head.more[1][5:])
        else:
            need(head.origin == head.log and not head.more, "another log")
        need(included(self.index, head.size, leaf_hash(leaf), self.path, head.root), "not under the root")
        if flag == b"\1" and len(rest) > SALT:
            opened = b"fapiao/commit/v1\n" + rest
            need(sha256(opened) == leaf[90:122], "another event (SHA-256)")
            need(not SM3 or hashlib.new("sm3", opened).digest() == leaf[122:], "another event (SM3)")
        else:
            need(flag == b"\0" and not rest, "no opening")
        need(entries is None or index < len(entries) and entries[index] == leaf, "the log has another entry there")


def flip(chance: random.Random, data: bytes, start: int, end: int) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(start, end)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def mutant(chance: random.Random, data: bytes) -> Proof:
    """One bit of the path, the index, the leaf or the signed text; of signatures too, where they are looked at."""
    proof = Proof(data)
    text = proof.note.rfind(b"\n\n")
    match chance.randrange(5):
        case 0 if proof.path:
            i = chance.randrange(len(proof.path))
            proof.path[i] = flip(chance, proof.path[i], 0, 32)
        case 1:
            proof.index ^= 1 << chance.randrange(62)
        case 2:
            proof.extra = flip(chance, proof.extra, len(OPENING), len(OPENING) + LEAF)
        case 3 if Ed25519PublicKey is not None:  # the first line is the log's
            proof.note = flip(chance, proof.note, text + 2, proof.note.find(b"\n", text + 2))
        case _ if Ed25519PublicKey is not None:
            proof.note = flip(chance, proof.note, 0, text + 1)
        case _:
            proof.extra = flip(chance, proof.extra, len(OPENING), len(OPENING) + LEAF)
    return proof


def refused(proof: Proof, keys: list[Key], entries: list[bytes] | None) -> str:
    try:
        proof.verify(keys, entries)
        return ""
    except (Refused, ValueError, IndexError, struct.error) as why:
        return str(why) or "refused"


def main() -> int:
    ask = argparse.ArgumentParser()
    ask.add_argument("--folder", type=pathlib.Path)
    ask.add_argument("--vkeys", type=pathlib.Path, required=True)
    ask.add_argument("--mutate", type=int, default=0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("proofs", nargs="*", type=pathlib.Path)
    asked = ask.parse_args()
    keys = sorted(map(Key, asked.vkeys.read_text().split()), key=lambda k: k.type)  # the log's Ed25519 key is of the lowest type
    if Ed25519PublicKey is None:
        print("signatures are not checked here: python3-cryptography is not installed")
    if not SM3:
        print("SM3 is not checked here: this Python's OpenSSL has none")
    entries = check_folder(asked.folder, keys) if asked.folder else None
    good, rejected = [], 0
    for path in [p for a in asked.proofs for p in (sorted(a.glob("*.tlog-proof")) if a.is_dir() else [a])]:
        data = path.read_bytes()
        try:
            why = refused(Proof(data), keys, entries)
        except (Refused, ValueError) as error:
            why = str(error)
        if why:
            print(f"{path}: {why}")
            rejected += 1
        else:
            good.append(data)
    print(f"{len(good)} accepted, {rejected} rejected")
    chance, taken = random.Random(asked.seed), 0
    if asked.mutate:
        for _ in range(asked.mutate):
            taken += not refused(mutant(chance, chance.choice(good)), keys, None)
        print(f"mutated (seed {asked.seed}): {taken} accepted, {asked.mutate - taken} rejected")
    return 1 if rejected or taken or not good else 0


sys.exit(main())
