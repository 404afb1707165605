#!/usr/bin/env python3
"""Two thousand broken pictures, PDFs, OFDs and XMLs through the real readers in their jail: whatever poppler, zbar and leptonica make of
them, each gets an answer, none hangs, and the command goes on.

The seed is printed; FAPIAO_FUZZ_SEED repeats a run, FAPIAO_MUTANTS changes how many there are.
"""
import json
import os
import pathlib
import random
import struct
import subprocess
import tempfile
import time
import zlib

from house import FAPIAO, invoice_xml, main, test
from makers import CATALOG, PAGES, entry, ofd, pdf, png, stream

SEED = int(os.environ.get("FAPIAO_FUZZ_SEED", random.randrange(1, 2**31)))
COUNT = int(os.environ.get("FAPIAO_MUTANTS", "2000"))
BATCH = 100  # files a command


def jpeg() -> bytes:
    """Eight by eight pixels of grey: one block, tables with a single code each."""
    def part(marker: int, content: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
    one_code = b"\1" + bytes(15) + b"\0"
    return (b"\xff\xd8" + part(0xDB, b"\0" + b"\1" * 64) + part(0xC0, b"\x08\0\x08\0\x08\1\1\x11\0") + part(0xC4, b"\0" + one_code)
            + part(0xC4, b"\x10" + one_code) + part(0xDA, b"\1\1\0\0\x3f\0") + b"\x3f\xff\xd9")


def checkers(size: int) -> bytes:
    """Rows for a PNG, with the look of a QR code's corners, so that zbar has something to look at."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            near = [(min(a, size - 1 - a) if a > size // 2 and b <= size // 2 else a) // 4 for a, b in ((x, y), (y, x))]
            ring = max(abs(near[0] - 5), abs(near[1] - 5))
            rows.append(0 if ring in (0, 1, 3) or (x // 4 + y // 4) % 5 == 0 and x > size // 2 else 255)
    return bytes(rows)


def seeds() -> list[bytes]:
    picture = b"/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent "
    fonts = (b"/Font<</A<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/B<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H"
             b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 60]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>" + fonts + b">>>>"
    text = b"BT /A 9 Tf 9 50 Td (011002100611 89465988) Tj /B 9 Tf 0 -20 Td <53D17968> Tj ET q 30 0 0 30 9 9 cm /X Do Q"
    attached = (b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.xml)<</Type/Filespec/F(a.xml)/EF<</F 5 0 R>>>>]>>>>"
                b"/AcroForm<</Fields[<</FT/Sig/V<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 9 20 9]/Contents<30820102>>>>>]>>>>")
    tif = (b"II*\0\x0c\0\0\0\xaa\x55\xaa\x55" + b"\x07\0" + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in (
        (256, 3, 8), (257, 3, 4), (258, 3, 1), (259, 3, 1), (262, 3, 0), (273, 4, 8), (279, 4, 4))) + bytes(4))
    bmp = b"BM" + struct.pack("<IHHIIiiHHIIiiII", 94, 0, 0, 62, 40, 8, 8, 1, 1, 0, 32, 0, 0, 2, 0) + b"\0\0\0\0\xff\xff\xff\0" + b"\xaa\0\0\0\x55\0\0\0" * 4
    gif = b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x02\0\0\x02\x03\x44\x34\x05\0;"
    return [
        png(120, 120, checkers(120)), png(120, 120, checkers(120)), jpeg(), tif, bmp, gif,
        pdf(CATALOG, PAGES, page, stream(text), stream(bytes(64), picture + b"8")),
        pdf(CATALOG, PAGES, page, stream(zlib.compress(text), b"/Filter/FlateDecode"), stream(jpeg(), picture + b"8/Filter/DCTDecode")),
        pdf(CATALOG, PAGES, page, stream(text), stream(b"\0\0\0\0\x30\0\1\0\0\0\x13\0\0\0\x08\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0", picture + b"1/Filter/JBIG2Decode")),
        pdf(CATALOG, PAGES, page, stream(text), stream(b"\x26\xa1\x00\x10\x01", picture + b"1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 8>>")),
        pdf(attached, PAGES, page, stream(text), stream(invoice_xml("26442000000000000082"), b"/Type/EmbeddedFile")),
        ofd(entry(b"Doc_0/Pages/Page_0/Content.xml", b"<ofd:Page xmlns:ofd='http://www.ofdspec.org/2016'/>")),
        invoice_xml("26442000000000000090"),
    ]


def mend_png(data: bytearray) -> bytes:
    """Right checksums, so that what was changed is looked at and not only refused."""
    at = 8
    while at + 12 <= len(data):
        size = struct.unpack_from(">I", data, at)[0]
        if at + 12 + size > len(data):
            break
        struct.pack_into(">I", data, at + 8 + size, zlib.crc32(data[at + 4:at + 8 + size]))
        at += 12 + size
    return bytes(data)


def mutant(chance: random.Random, seed: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(chance.randrange(1, 9)):
        at = chance.randrange(len(data) or 1)
        match chance.randrange(7):
            case 0:
                data[at:at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at:at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\xff\xff"))
            case 2:
                del data[at:at + chance.randrange(1, 20)]
            case 3:
                data[at:at] = data[chance.randrange(len(data) or 1):][:chance.randrange(1, 60)]
            case 4:
                data[at:at] = chance.choice((b"999999999 ", b"-1 ", b"5 0 R ", b"[[[[[[[[", b"<<", b">>", b"/Filter/FlateDecode", b"<a>", b"&a;"))
            case 5 if chance.random() < 0.1:
                del data[at:]
            case _:
                data[at:at + 1] = bytes([data[at] ^ 1 << chance.randrange(8)]) if data else b"\0"
    return mend_png(data) if data.startswith(b"\x89PNG") and chance.random() < 0.8 else bytes(data)


@test
def broken_files_by_the_thousand():
    """A line for each, no hang, the command alive; what crashed a reader is counted, contained and said to be hostile."""
    print(f"seed {SEED}")
    chance, made, crashed, slow = random.Random(SEED), 0, 0, []
    sources = seeds()
    with tempfile.TemporaryDirectory(prefix="fapiao-mutants-") as top:
        while made < COUNT:
            paths = [pathlib.Path(top, f"{made + i}") for i in range(min(BATCH, COUNT - made))]
            for i, path in enumerate(paths):
                path.write_bytes(mutant(chance, sources[(made + i) % len(sources)]))
            begun = time.monotonic()
            done = subprocess.run([FAPIAO, "read", "--json", *paths], capture_output=True, stdin=subprocess.DEVNULL, timeout=900)
            lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
            assert [line["file"] for line in lines] == [str(p) for p in paths], done.stderr[-2000:]
            assert done.returncode in (0, 3, 4), (done.returncode, done.stderr[-2000:])
            for line in lines:
                assert bool(line["documents"]) != bool(line["error"]), line
            said = done.stderr.decode(errors="replace")
            crashed += said.count("its reader crashed")
            slow += [row for row in said.splitlines() if "took over" in row]
            assert "may not" not in said, said[-2000:]
            assert time.monotonic() - begun < 300
            for path in paths:
                path.unlink()
            made += len(paths)
    assert not slow, slow
    print(f"{made} files, {crashed} of them crashed a reader in its jail")


if __name__ == "__main__":
    main()
