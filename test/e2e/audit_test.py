#!/usr/bin/env python3
"""The audit as an operator calls it: beside a server, on a folder alone, with a byte turned over, and killed half-way."""
import json
import shutil

from house import FAPIAO, Folder, Serving, invoice_xml, main, run, test

NUMBER = "26112000000000003001"


def audit(folder: Folder, *options) -> tuple[int, dict]:
    done = run(FAPIAO, "audit", "--data", folder.data, "--json", *options)
    return done.returncode, json.loads(done.stdout.decode() or "{}")


@test
def a_folder_is_well_beside_its_server_and_alone():
    with Folder() as folder:
        with Serving(folder.data) as server:
            for i in range(5):
                assert server.upload(f"{i}.xml", invoice_xml(f"2611200000000000300{i}"))[0] == 201
                for options in ([], ["--quick"], ["--no-content"]):
                    code, report = audit(folder, *options)
                    assert code == 0 and report["ok"] and not report["findings"], report
        before = {p: p.read_bytes() for p in folder.data.rglob("*") if p.is_file()}
        code, report = audit(folder)
        assert code == 0 and report["events"] == 11 and report["checked"]["content"]["things"] == 11, report
        # It reads and takes no lock: what lies there is what lay there.
        after = {p: p.read_bytes() for p in folder.data.rglob("*") if p.is_file() and p.suffix not in (".db-shm", ".db-wal")}
        assert all(before[p] == content for p, content in after.items()), [p for p in after if before.get(p) != after[p]]
        assert run(FAPIAO, "audit", "--data", folder.data).stdout.decode().startswith("✓ 11 ")


@test
def a_byte_of_an_original_is_named_with_its_file_and_document():
    with Folder() as folder:
        file = folder.top / "a.xml"
        file.write_bytes(invoice_xml(NUMBER))
        line = folder.import_(file)[0]
        segment = next((folder.data / "segments").iterdir())
        content = bytearray(segment.read_bytes())
        content[100] ^= 1
        segment.write_bytes(content)
        code, report = audit(folder)
        assert code == 1 and not report["ok"] and len(report["findings"]) == 1, report
        finding = report["findings"][0]
        assert finding["kind"] == "bytes" and finding["where"].startswith(f"segments/{segment.name}@17, document(local, "), finding
        assert line["reference"] in finding["text"] and "原件" in finding["text"] and finding["text_en"], finding
        assert audit(folder, "--no-content")[0] == 0
        said = run(FAPIAO, "audit", "--data", folder.data)
        assert said.returncode == 1 and said.stdout.decode().startswith("✗ bytes"), said.stdout


@test
def the_same_seed_takes_the_same_sample_and_calling_wrongly_is_no_finding():
    with Folder() as folder:
        file = folder.top / "a.xml"
        file.write_bytes(invoice_xml(NUMBER))
        folder.import_(file)
        code, report = audit(folder, "--quick", "--seed", "7")
        assert code == 0 and report["seed"] == 7, report
        assert audit(folder, "--quick")[1]["seed"] != 0
        assert run(FAPIAO, "audit").returncode == 2 and run(FAPIAO, "audit", "--data", folder.data, "--from", "x").returncode == 2
        assert run(FAPIAO, "audit", "--data", folder.top / "nowhere").returncode == 3
        shutil.move(str(folder.data) + ".key", folder.top / "away")
        assert run(FAPIAO, "audit", "--data", folder.data).returncode == 3
        assert not (folder.top / "data.audit").exists()


main()
