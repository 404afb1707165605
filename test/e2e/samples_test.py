#!/usr/bin/env python3
"""Every real sample file with ground truth reads exactly; seals say what they should; what is no invoice is said to be none."""
import csv
import re

from house import SAMPLES, Skip, main, read, test

SEALS = {
    "ofdrw_v4signed_cq_10": "valid", "ofdjs_999_cq_10_list5p": "valid", "ofdrw_SignScaleError_zj_10_xbrl": "valid",
    "ofdrw_signedFile_js_10_cha-e": "valid", "ofdrw_1_zj_10": "valid", "ofdrw_fapiaoshili_cq_10": "broken",
    "ofdrw_no_page_container_sh_10": "absent", "ofdrw_fptpl_cq_10_unsigned": "absent", "ofdrw_20240531_shudian_31": "absent",
}


def truth() -> list[dict]:
    if SAMPLES is None:
        raise Skip("no folder of sample files (FAPIAO_SAMPLES)")
    with open(SAMPLES / "manifest.tsv", encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def party(text: str) -> tuple[str, str]:
    name, _, tax_id = (text or "").partition("/")
    return ("", "") if name in ("masked", "(erased)") else (name, tax_id if re.fullmatch(r"[0-9A-Z]{15,20}", tax_id) else "")


def fold(text: str) -> str:
    return re.sub(r"\s", "", text).replace("（", "(").replace("）", ")")


def differences(row: dict, document: dict) -> list[str]:
    wrong = []

    def same(field: str, want: str, got: str) -> None:
        if want and fold(want) != fold(got):
            wrong.append(f"{field}: {got!r}, not {want!r}")

    same("code", row["code"], document["code"])
    same("number", row["number"], document["number"])
    same("issue_date", row["date"], document["issue_date"])
    for column, field in (("net", "amount"), ("tax", "tax"), ("total", "total")):
        if want := re.match(r"-?\d+\.\d\d$", "0.00" if "***" in (row[column] or "") else row[column] or ""):
            same(field, want[0], document[field])
    same("check_code", row["check_code"], document["check_code"])
    for side in ("seller", "buyer"):
        name, tax_id = party(row[side])
        same(side + ".name", name, document[side]["name"])
        same(side + ".tax_id", tax_id, document[side]["tax_id"])
    kind = re.match(r"(\d+)", row["kind"])
    if kind and kind[1] in ("10", "31", "32", "61"):
        same("kind", kind[1], document["kind"])
    return wrong


def is_invoice(row: dict) -> bool:
    return not re.search(r"not an invoice|银行|seal page", row["kind"] + row["note"])


@test
def every_structured_file_reads_exactly():
    """code, number, date, amounts, check code, names and tax ids: 100 %"""
    rows = [r for r in truth() if r["file"].startswith(("xml/", "ofd/", "pdf/")) and is_invoice(r) and (r["number"] or r["code"])]
    assert len(rows) > 40, len(rows)
    bad = []
    for row in rows:
        lines, code = read(SAMPLES / row["file"])
        documents = lines[0]["documents"]
        if code != 0 or len(documents) != 1:
            bad.append(f"{row['file']}: exit {code}, {lines[0]['error']}, {len(documents)} documents")
        else:
            bad += [f"{row['file']}: {d}" for d in differences(row, documents[0])]
    assert not bad, "\n".join(bad)


@test
def what_is_no_invoice_is_said_to_be_none():
    rows = [r for r in truth() if r["file"].startswith(("xml/", "ofd/", "pdf/")) and not is_invoice(r)]
    assert len(rows) >= 10, len(rows)
    bad = []
    for row in rows:
        lines, code = read(SAMPLES / row["file"])
        if code != 3 or lines[0]["documents"] or lines[0]["error"]["code"] != "not_invoice":
            bad.append(f"{row['file']}: exit {code}, {lines[0]['error']}")
    for path in sorted((SAMPLES / "data").glob("*")):
        lines, code = read(path)
        if code not in (3, 4) or lines[0]["documents"]:
            bad.append(f"{path.name}: exit {code}, {lines[0]['error']}")
    assert not bad, "\n".join(bad)


@test
def seals_say_what_they_should():
    truth()
    bad = []
    for name, want in SEALS.items():
        lines, code = read(SAMPLES / "ofd" / f"{name}.ofd")
        seal = lines[0]["documents"][0]["seal"]
        if seal["state"] != want:
            bad.append(f"{name}: {seal}, not {want}")
        if want == "broken" and not any("/" in reason for reason in seal["reasons"]):
            bad.append(f"{name}: the altered entry is not named: {seal['reasons']}")
    assert not bad, "\n".join(bad)


@test
def pictures_with_a_qr_code_give_what_it_says():
    if SAMPLES is None:
        raise Skip("no folder of sample files (FAPIAO_SAMPLES)")
    with open(SAMPLES / "image_manifest.tsv", encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    bad, read_ones = [], 0
    for row in rows:
        lines, code = read(SAMPLES / row["file"])
        if code == 3 and lines[0]["error"]["code"] == "needs_ocr":
            continue
        read_ones += 1
        document = lines[0]["documents"][0]
        if document["number"] != row["number"] or document["issue_date"].replace("-", "") != row["date"]:
            bad.append(f"{row['file']}: {document['number']} {document['issue_date']}")
    assert not bad, "\n".join(bad)
    assert read_ones >= 9, f"{read_ones} of {len(rows)} pictures were read"


main()
