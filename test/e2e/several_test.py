#!/usr/bin/env python3
"""Several invoices in one file: an invoice each, under one reference; what is read, kept and found is the same."""
from house import Folder, main, read, test
from makers import pdf, stream

FONT = (b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
        b"/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1 95 500 814 939 500]"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>>>]>>")


def form(number: str, net: str, tax: str, total: str) -> list[tuple]:
    return [(170, 40, 18, "电子发票（普通发票）"), (420, 30, 9, "发票号码：" + number), (420, 48, 9, "开票日期：2026年03月05日"),
            (34, 100, 9, "名称：甲乙科技有限公司"), (322, 100, 9, "名称：丙丁咨询有限公司"),
            (34, 130, 9, "统一社会信用代码：91330108MA27Y5XH5G"), (322, 130, 9, "统一社会信用代码：91350203MA31MCWW1J"),
            (48, 165, 9, "项目名称"), (336, 165, 9, "数 量"), (380, 165, 9, "单 价"), (430, 165, 9, "金 额"),
            (470, 165, 9, "税率/征收率"), (556, 165, 9, "税 额"), (13, 180, 9, "*信息技术服务*服务费"), (430, 180, 9, net),
            (480, 180, 9, "6%"), (560, 180, 9, tax), (60, 276, 9, "合 计"), (425, 276, 9, "¥" + net), (555, 276, 9, "¥" + tax),
            (51, 294, 9, "价税合计（大写）"), (410, 294, 9, "（小写）¥" + total), (58, 380, 9, "开票人：林建")]


def page(*forms: tuple[list, float]) -> bytes:
    """Forms below each other on an A4, each drawn 0.97 times as large at that height."""
    out = []
    for texts, top in forms:
        for x, y, size, text in texts:
            out.append(f"BT /F {size * 0.97:.2f} Tf 1 0 0 1 {x * 0.97:.2f} {842 - top - y * 0.97:.2f} Tm <{text.encode('utf-16-be').hex()}> Tj ET")
    return "\n".join(out).encode()


def number(i: int) -> str:
    return f"26112000000000{i:06d}"


def document(pages: list[bytes]) -> bytes:
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(pages), FONT]
    for i, content in enumerate(pages):
        objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>" % (5 + 2 * i),
                    stream(content)]
    return pdf(*objects)


FIVE = document([page((form(number(1), "100.00", "6.00", "106.00"), 0)),
                 page((form(number(2), "200.00", "12.00", "212.00"), 0), (form(number(3), "300.00", "18.00", "318.00"), 421)),
                 page((form(number(4), "400.00", "24.00", "424.00"), 0), (form(number(5), "500.00", "30.00", "530.00"), 400))])
SUMS = {number(1): "106.00", number(2): "212.00", number(3): "318.00", number(4): "424.00", number(5): "530.00"}


@test
def five_invoices_on_three_pages():
    """read gives five documents; import gives five invoices under one reference, and each is found by its own values"""
    with Folder() as folder:
        file = folder.top / "five.pdf"
        file.write_bytes(FIVE)
        (line,), code = read(file)
        assert code == 0 and {d["number"]: d["total"] for d in line["documents"]} == SUMS, line
        assert all(d["seller"]["name"] == "丙丁咨询有限公司" and len(d["lines"]) == 1 for d in line["documents"]), line
        (kept,) = folder.import_(file)
        assert kept["state"] == "accepted" and {i["number"] for i in kept["invoices"]} == set(SUMS), kept
        assert all(i["relation"] == "new" for i in kept["invoices"]), kept
        for n, total in SUMS.items():
            assert folder.verify(number=n, date="2026-03-05", total=total)["result"] == "match"
            assert folder.verify(number=n, date="2026-03-05", total="1.00")["result"] == "mismatch"
        assert folder.original(kept["reference"]) == FIVE


@test
def one_of_them_alone_is_a_further_carrier():
    """The single file of an invoice that came in a bundle joins it; a copy with another sum is a conflict with that one alone"""
    with Folder() as folder:
        bundle, single, other = (folder.top / name for name in ("five.pdf", "single.pdf", "other.pdf"))
        bundle.write_bytes(FIVE)
        single.write_bytes(document([page((form(number(3), "300.00", "18.00", "318.00"), 0))]))
        other.write_bytes(document([page((form(number(4), "400.00", "24.00", "424.00"), 0)),
                                    page((form(number(5), "600.00", "36.00", "636.00"), 0))]))
        lines = [folder.import_(path)[0] for path in (bundle, single, other)]
        assert [i["relation"] for i in lines[1]["invoices"]] == ["carrier"], lines[1]
        assert lines[2]["state"] == "conflict" and [i["relation"] for i in lines[2]["invoices"]] == ["carrier", "variant"], lines[2]


main()
