#!/usr/bin/env python3
"""Files that are built to harm: each gets a plain reason in two languages and the right exit code, soon, and nothing falls over.

Every file is made here; none is kept in the tree.
"""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

from house import BUILD, FAPIAO, Folder, Serving, Skip, invoice_xml, main, read, run, test
from makers import CATALOG, OFD_XML, PAGE, PAGES, archive, entry, ofd, pdf, png, stream

SECONDS_MAX = 45  # of one file, on a busy machine; nearly all take a few milliseconds
CODES = {"not_invoice", "needs_ocr", "damaged", "encrypted", "hostile", "unsupported", "too_large"}


# ---- what is built to harm ----

def laughs() -> bytes:
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    return f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]><EInvoice>&a9;</EInvoice>'.encode()


def hostile_files() -> dict[str, tuple[bytes, set, int]]:
    """name: bytes, codes that will do, exit code."""
    good = invoice_xml("26442000000000000017")
    whole = ofd(entry(b"Doc_0/Pages/Page_0/Content.xml", b"<a/>"))
    hostile, damaged, refused = {"hostile"}, {"damaged"}, {"hostile", "damaged", "too_large"}
    attack = b"file:///etc/passwd"
    return {
        "bomb.ofd": (ofd(entry(b"Doc_0/bomb.xml", bytes(200 << 20))), hostile, 4),
        "many_entries.ofd": (ofd(*(entry(b"e%d" % i, b"") for i in range(20_000))), hostile, 4),
        "dots.ofd": (ofd(entry(b"../../etc/passwd", b"x")), hostile, 4),
        "backslash.ofd": (ofd(entry(b"..\\evil.xml", b"x")), hostile, 4),
        "double.ofd": (ofd(entry(b"Doc_0/Document.xml", b"<b/>")), hostile, 4),
        "double_by_case.ofd": (ofd(entry(b"DOC_0/document.XML", b"<b/>")), hostile, 4),
        "headers_name.ofd": (ofd(entry(b"Doc_0/a.xml", b"<b/>", local_name=b"Doc_0/b.xml")), hostile, 4),
        "headers_size.ofd": (ofd(entry(b"Doc_0/a.xml", b"<b/>", local_size=4000)), hostile, 4),
        "truncated.ofd": (whole[: len(whole) * 2 // 3], refused, 4),
        "cut-before-its-directory.ofd": (archive([entry(b"Doc_0/Document.xml", b"<a/>")])[:45], damaged, 4),
        "no_document.ofd": (archive([entry(b"OFD.xml", OFD_XML)]), damaged | {"not_invoice"}, 0),
        "external_entity.xml": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "' + attack + b'">]><EInvoice>&e;</EInvoice>', hostile, 4),
        "external_dtd.xml": (b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "' + attack + b'"><EInvoice/>', hostile, 4),
        "billion_laughs.xml": (laughs(), hostile, 4),
        "deep.xml": (b"<a>" * 100_000 + b"</a>" * 100_000, hostile, 4),
        "wide.xml": (b"<EInvoice>" + b"<a/>" * 1_000_000 + b"</EInvoice>", hostile, 4),
        "attributes.xml": (b"<EInvoice " + b" ".join(b'a%d="1"' % i for i in range(300_000)) + b"/>", refused, 4),
        "long_text.xml": (b"<EInvoice>" + b"x" * (8 << 20) + b"</EInvoice>", refused, 4),
        "truncated.xml": (good[: len(good) // 2], damaged, 4),
        "empty.xml": (b"", damaged, 4),
        "nul.xml": (good.replace(b"EIid", b"EI\0d"), damaged, 4),
        "too_large.xml": (good + b" " * (70 << 20), {"too_large"}, 4),
        "encrypted.pdf": (pdf(CATALOG, PAGES, PAGE, stream(b""), b"<</Filter/Standard/V 1/R 2/P -4/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")>>",
                              trailer=b"/Encrypt 5 0 R/ID[<00><00>]"), {"encrypted"}, 4),
        "loop_of_pages.pdf": (pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), refused | {"not_invoice"}, 0),
        "loop_of_forms.pdf": (pdf(CATALOG, PAGES, PAGE, stream(b"/X Do"),
                                  stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>")),
                              refused | {"not_invoice", "needs_ocr"}, 0),
        "loop_of_length.pdf": (pdf(CATALOG, PAGES, PAGE, b"<</Length 4 0 R>>\nstream\nx\nendstream"), refused | {"not_invoice", "needs_ocr"}, 0),
        "bomb.pdf": (pdf(CATALOG, PAGES, PAGE, stream(zlib.compress(zlib.compress(bytes(1 << 28), 6), 9), b"/Filter[/FlateDecode/FlateDecode]")),
                     refused | {"not_invoice", "needs_ocr"}, 0),
        "million_pages.pdf": (pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>", PAGE, stream(b"")),
                              refused | {"not_invoice", "needs_ocr"}, 0),
        "huge_page.pdf": (pdf(CATALOG, PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e9 1e9]/Contents 4 0 R>>", stream(b"0 0 1e9 1e9 re f")),
                          refused | {"not_invoice", "needs_ocr"}, 0),
        "truncated.pdf": (pdf(CATALOG, PAGES, PAGE, stream(b""))[:60], refused | {"not_invoice"}, 0),
        "huge.png": (png(100_000, 100_000), refused, 4),
        "bomb.png": (png(11_000, 11_000, bytes(11_001 * 11_000)), refused, 4),
        "lying.png": (png(3000, 3000, b"short"), refused | {"needs_ocr"}, 0),
        "truncated.png": (png(50, 50, bytes(51 * 50))[:40], refused, 4),
        "truncated.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", refused, 4),
        "huge.gif": (b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff\xff\0\2\2D\1\0;", refused, 4),
        "huge.bmp": (b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 0x7FFFFFFF, 0x7FFFFFFF, 1, 24, 0, 0, 0, 0, 0, 0), refused, 4),
        "huge.tif": (b"II*\0\x08\0\0\0\2\0\0\1\4\0\1\0\0\0\xff\xff\xff\x7f\1\1\4\0\1\0\0\0\xff\xff\xff\x7f\0\0\0\0", refused, 4),
        "word.docx": (archive([entry(b"word/document.xml", b"<a/>")]), {"unsupported"}, 3),
        "text.txt": ("这不是发票".encode(), {"unsupported"}, 3),
        "page.html": (b"<!DOCTYPE html><html><body>invoice</body></html>", {"unsupported"}, 3),
        "program.xml": (b"\x7fELF" + bytes(1000), {"unsupported"}, 3),
        "not_invoice.xml": (b"<?xml version='1.0'?><order><id>1</id></order>", {"not_invoice"}, 3),
        "zeros.ofd": (bytes(1 << 20), {"unsupported"}, 3),
    }


EXITS = {"not_invoice": 3, "needs_ocr": 3, "unsupported": 3, "damaged": 4, "encrypted": 4, "hostile": 4, "too_large": 4}


@contextlib.contextmanager
def laid_out(files: dict[str, bytes]):
    with tempfile.TemporaryDirectory(prefix="fapiao-hostile-") as top:
        for name, content in files.items():
            pathlib.Path(top, name).write_bytes(content)
        yield pathlib.Path(top)


# ---- fapiao read ----

@test
def each_hostile_file_gets_its_reason():
    """code, exit code, both languages, no documents, and soon."""
    files, wrong = hostile_files(), []
    with laid_out({name: content for name, (content, _, _) in files.items()}) as top:
        for name, (_, codes, exit_code) in files.items():
            begun = time.monotonic()
            lines, got = read(top / name)
            took = time.monotonic() - begun
            error = lines[0]["error"] or {"code": "none", "text": ""}
            said_twice = any("\u4e00" <= c <= "\u9fff" for c in error["text"]) and any("a" <= c <= "z" for c in error["text"])
            right = error["code"] in codes and got == (exit_code or EXITS[error["code"]]) and error["code"] in CODES
            if not right or lines[0]["documents"] or not said_twice or took > SECONDS_MAX or len(lines) != 1:
                wrong.append(f"{name}: {error['code']}, exit {got}, {took:.1f} s; wanted {sorted(codes)}")
    assert not wrong, "\n".join(wrong)


@test
def a_false_name_changes_nothing():
    """What a file is, its bytes say."""
    with laid_out({"invoice.pdf": invoice_xml("26442000000000000025"), "invoice.ofd": pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>")}) as top:
        (xml,), code = read(top / "invoice.pdf")
        assert code == 0 and xml["media"] == "xml" and xml["documents"][0]["number"] == "26442000000000000025", xml
        (paper,), code = read(top / "invoice.ofd")
        assert code in (3, 4) and paper["media"] == "pdf", paper


@test
def several_files_give_a_line_each_and_the_worst_exit_code():
    """JSON alone on stdout, in the order of the arguments."""
    with laid_out({"good.xml": invoice_xml("26442000000000000033"), "none.xml": b"<a/>", "bad.xml": b"<a>"}) as top:
        lines, code = read(top / "good.xml", top / "none.xml", top / "bad.xml", top / "good.xml")
        assert code == 4 and [pathlib.Path(line["file"]).name for line in lines] == ["good.xml", "none.xml", "bad.xml", "good.xml"]
        assert [bool(line["documents"]) for line in lines] == [True, False, False, True]
        assert read(top / "good.xml", top / "none.xml")[1] == 3
        assert read(top / "good.xml")[1] == 0


@test
def wrong_usage_is_exit_2():
    for arguments in ([], ["--nonsense", "x"], ["--trust"]):
        assert run(FAPIAO, "read", *arguments).returncode == 2, arguments
    assert run(FAPIAO, "nonsense").returncode == 2
    assert run(FAPIAO).returncode == 2
    with laid_out({}) as top:
        done = run(FAPIAO, "read", "--json", top / "missing.xml")
        assert done.returncode == 2 and done.stdout == b"" and done.stderr


@test
def what_is_no_file_ends_with_a_reason():
    """Devices that never end are too large, in bounded memory; a pipe that nobody writes, a folder, a socket are wrong usage."""
    def bounded():
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    with laid_out({"grown.xml": invoice_xml("26442000000000000074")}) as top:
        for device in ("/dev/zero", "/dev/urandom"):
            done = run(FAPIAO, "read", "--json", device, preexec_fn=bounded)
            line = json.loads(done.stdout)
            assert done.returncode == 4 and line["error"]["code"] == "too_large" and line["sha256"] == "", (device, done)
        pipe, folder, gone = top / "pipe.xml", top / "folder", top / "socket"
        os.mkfifo(pipe)
        folder.mkdir()
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(gone))
            for path in (pipe, folder, gone):
                done = run(FAPIAO, "read", "--json", path)
                assert done.returncode == 2 and done.stdout == b"" and str(path) in done.stderr.decode(), done
        # A pipe that is written is read, whoever comes first; its size it does not tell.
        content = (top / "grown.xml").read_bytes()
        begun = subprocess.Popen([FAPIAO, "read", "--json", pipe], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        pipe.write_bytes(content)
        line = json.loads(begun.communicate(timeout=60)[0])
        assert begun.returncode == 0 and line["sha256"] == hashlib.sha256(content).hexdigest() and line["documents"], line


def said_cleanly(done) -> str:
    """What a person is told: whole lines, nothing in them that steers a terminal."""
    said = done.stderr.decode("utf-8", "replace")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said), repr(said)
    return said


def in_two_languages(said: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", said) is not None and re.search(r"[A-Za-z]{4}", said) is not None


ODD_NAMES = {b"bad\xff\xfe.xml": "bad\ufffd\ufffd.xml", b"new\nline\"quote'\\back\ttab\x01.xml": "new\nline\"quote'\\back\ttab\x01.xml",
             b"\x1b[31m\xc2\x9b2J.xml": "\x1b[31m\x9b2J.xml", b"%s%n.xml": "%s%n.xml", "\u2028\u202e发票.xml".encode(): "\u2028\u202e发票.xml"}


@test
def whatever_a_file_is_called_its_line_is_one_and_json():
    """Read and imported, with a server and without one; what is said to people steers no terminal."""
    with laid_out({}) as top:
        for i, name in enumerate(ODD_NAMES):
            pathlib.Path(os.fsdecode(os.fsencode(top) + b"/" + name)).write_bytes(b"no invoice %d" % i)
        paths = [os.fsencode(top) + b"/" + name for name in ODD_NAMES]
        right = sorted(f"{top}/{name}" for name in ODD_NAMES.values())

        def lines_of(code, *command):
            done = subprocess.run([FAPIAO, *command, *paths, paths[1] + b".gone\n\x1b"], capture_output=True, timeout=300)
            said_cleanly(done)
            lines = done.stdout.decode().split("\n")  # not splitlines(), which parts at U+2028
            assert done.returncode == code and lines.pop() == "", done
            return sorted(json.loads(line)["file"] for line in lines)

        assert lines_of(3, "read", "--json") == right
        told = subprocess.run([FAPIAO, "read", *paths], capture_output=True, timeout=300).stdout
        assert b"\x1b" not in told and b"\xc2\x9b" not in told and b"bad\xff\xfe.xml" in told, told
        with Folder() as folder:
            assert lines_of(3, "import", "--data", folder.data) == right
            with Serving(folder.data):
                assert lines_of(2, "import", "--data", folder.data) == right  # duplicates, and one that is not there


@test
def what_cannot_be_read_says_why_in_two_languages():
    """Exit 2 and no line, read or imported: not there, no permission, a pipe, a folder, a socket, what the system does not give."""
    def nobody():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)

    with laid_out({"shut.xml": b"x", "file": b"x"}) as top, Folder() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(top / "socket"))
        os.mkfifo(top / "pipe")
        (top / "round").symlink_to("round")
        (top / "shut.xml").chmod(0)
        (top / "shut").mkdir(mode=0)
        top.chmod(0o755)
        with Serving(folder.top / "served"):
            for path, chinese in ((top / "gone", "没有这个文件"), (top / "round", "绕成了圈"), (top / "file" / "x", "不是文件夹"),
                                  (top / ("x" * 256), "名字太长"), (top / "socket", "套接字"), ("/proc/self/mem", "系统读不了"), (top / "pipe", "")):
                for command in (["read", "--json"], ["import", "--data", folder.data], ["import", "--data", folder.top / "served"]):
                    done = run(FAPIAO, *command, path)
                    said = said_cleanly(done)
                    why = next(line for line in said.splitlines() if str(path) in line)
                    assert done.returncode == 2 and done.stdout == b"" and in_two_languages(why) and chinese in why, (command, done)
        place = folder.top / "nobody"
        folder.top.chmod(0o755)
        place.mkdir()
        place.chmod(0o777)
        for command, path in ((["read", "--json"], "shut.xml"), (["import", "--data", place / "d"], "shut.xml"), (["import", "--data", place / "d"], "shut")):
            try:
                done = run(FAPIAO, *command, top / path, preexec_fn=nobody)
            except PermissionError:
                raise Skip("the programs lie where another user may not go: no permission, all else as it should be") from None
            assert done.returncode == 2 and done.stdout == b"" and "没有读取权限 Permission denied" in said_cleanly(done), (command, done)


@test
def the_largest_file_is_taken_and_a_byte_more_is_not():
    with laid_out({}) as top, Folder() as folder:
        for size, code, reason in ((64 << 20, 3, "unsupported"), ((64 << 20) + 1, 4, "too_large")):
            with open(top / "x.bin", "wb") as file:
                file.truncate(size)
            (line,), got = read(top / "x.bin")
            assert got == code and line["error"]["code"] == reason and len(line["sha256"]) == 64, line
            done = run(FAPIAO, "import", "--data", folder.data, top / "x.bin")
            row = json.loads(done.stdout)
            assert done.returncode == code and row["reason"] == reason and row["sha256"] == line["sha256"], row
            assert (row["state"], bool(row["reference"])) == (("quarantined", True) if code == 3 else ("rejected", False)), row


@test
def a_file_that_grows_is_not_half_taken():
    """While it grows it is refused with the reason, read or imported; what is taken is what lay there at one time."""
    with laid_out({"grows.xml": b"x" * (8 << 20)}) as top, Folder() as folder:
        writer = subprocess.Popen([sys.executable, "-c", GROW, top / "grows.xml"])
        try:
            for command in (["read", "--json"], ["import", "--data", folder.data]):
                refused = 0
                for _ in range(10):
                    done = run(FAPIAO, *command, top / "grows.xml")
                    assert done.returncode in (2, 3), done
                    if done.returncode == 3:
                        continue
                    assert done.stdout == b"" and "读取时文件变大了 grew" in said_cleanly(done), done
                    refused += 1
                    break
                assert refused, command
        finally:
            writer.kill()
            writer.wait()


GROW = """import sys
with open(sys.argv[1], "ab", buffering=0) as file:
    while file.tell() < 40 << 20:
        file.write(b"y")
"""


@test
def people_are_told_in_two_languages():
    with laid_out({"a.xml": laughs(), "b.xml": invoice_xml("26442000000000000041")}) as top:
        told = run(FAPIAO, "read", top / "a.xml", top / "b.xml").stdout.decode()
        assert "不安全" in told and "unsafe" in told and "26442000000000000041" in told, told


@test
def reading_leaves_no_process_and_no_file_behind():
    """The readers end with the command, and none holds its stdout open."""
    with laid_out({"good.xml": invoice_xml("26442000000000000058"), "x.pdf": pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>")}) as top:
        before = set(os.listdir(top))
        begun = time.monotonic()
        done = subprocess.run([FAPIAO, "read", "--json", top / "good.xml", top / "x.pdf"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=top)
        assert time.monotonic() - begun < 20 and done.stdout.count(b"\n") == 2
        assert set(os.listdir(top)) == before


@test
def a_killed_command_takes_its_readers_along():
    """kill -9 of the parent: zygotes and children are gone a moment later."""
    def readers_of(parent: int) -> set[int]:
        found = set()
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                pid, rest = stat.read_text().split(" ", 1)
                if int(rest.rsplit(") ", 1)[1].split()[1]) == parent:
                    found |= {int(pid)} | readers_of(int(pid))
        return found

    with tempfile.TemporaryDirectory(prefix="fapiao-hostile-") as top:
        pipe = pathlib.Path(top, "never.xml")
        os.mkfifo(pipe)
        pathlib.Path(top, "good.xml").write_bytes(invoice_xml("26442000000000000066"))
        writer = os.open(pipe, os.O_RDWR)  # silent: without one the command gives up
        process = subprocess.Popen([FAPIAO, "read", "--json", pathlib.Path(top, "good.xml"), pipe], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout.readline().startswith(b"{")
        readers = readers_of(process.pid)
        process.kill()
        process.wait()
        process.stdout.close()
        assert readers
        deadline = time.monotonic() + 10
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in readers):
            assert time.monotonic() < deadline, "a reader outlived its parent"
            time.sleep(0.02)
        os.close(writer)


@test
def doctor_says_which_walls_stand():
    done = run(FAPIAO, "doctor")
    assert b"seccomp" in done.stdout, done.stdout + done.stderr


# ---- the server ----

@test
def the_server_outlives_them_all():
    """Each is answered by its state and reason; bytes that can be kept are kept; others are still served."""
    if run(FAPIAO, "help").stdout.find(b"serve") < 0:
        raise Skip("this build has no server yet")
    files = {name: content for name, (content, _, _) in hostile_files().items() if len(content) < 8 << 20}
    with Folder() as folder, Serving(folder.data) as server:
        for name, content in files.items():
            status, answer = server.upload(name, content)
            assert status in (200, 201, 413, 422), (name, status, answer)
            if status in (200, 201):
                assert answer["state"] in ("quarantined", "rejected"), (name, answer)
                assert answer["reason"]["zh"] and answer["reason"]["en"], (name, answer)
            assert server.get("/api/v1/health")["status"] == "ok"
        status, answer = server.upload("good.xml", invoice_xml("26442000000000000074"))
        assert status == 201 and answer["state"] == "accepted", answer


@test
def a_reader_of_another_build_is_refused_and_quarantines_nothing():
    """Beside a newer `fapiao`, an older reader answers what that can't decode: said at the start, no document suffers."""
    with Folder() as folder:
        place = folder.top / "programs"
        place.mkdir()
        for name in ("fapiao", "fapiao-read", "fapiao-read-xml"):
            shutil.copy(BUILD / name, place / name)
        file = folder.top / "good.xml"
        file.write_bytes(invoice_xml("26442000000000000017"))
        for stale in ("fapiao-read", "fapiao-read-xml"):
            kept = (place / stale).read_bytes()
            (place / stale).write_text(f"#!{sys.executable}\n" + FAKE_READER)
            for command in (("read", "--json", file), ("import", "--data", folder.data, file), ("doctor",)):
                done = run(place / "fapiao", *command)
                said = (done.stdout + done.stderr).decode()
                assert done.returncode == 1, (stale, command, done.returncode, said)
                for part in (f"'{place / stale}'", "不是同一次构建", "another build", "'0.0.9 FPR1 00000000deadbeef'"):
                    assert part in said, (stale, command, part, said)
                assert re.search(r"this program is '\d+\.\d+\.\d+ FPR\d+ [0-9a-f]{16}'", said), said
                assert b'"state"' not in done.stdout and b'"documents"' not in done.stdout, said
            (place / stale).write_bytes(kept)
        row = json.loads(run(place / "fapiao", "import", "--data", folder.data, file).stdout.decode().splitlines()[0])
        assert row["state"] == "accepted", row  # not a duplicate: nothing had been taken in


FAKE_READER = """import socket, struct
hello = struct.pack("=I64s200s", 0x46504A32, b"0.0.9 FPR1 00000000deadbeef", b"landlock 7, seccomp")
socket.socket(fileno=3).send(hello)
"""
if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    assert BUILD.is_dir(), f"{BUILD} is not there: make build"
    main()
