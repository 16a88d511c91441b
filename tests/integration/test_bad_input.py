"""Bad input, case by case: a clear error or a quarantine row, no other source harmed, nothing lost, no value told."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_home import GOOD, HEADER, SECRET, Home

from pipelines.errors import SettingsError
from pipelines.ingest.raw_store import list_deliveries
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

ROOT = Path(__file__).resolve().parent.parent.parent
CHINESE = HEADER + "".join(f"{n},张丽华的朋友,2026-01-01\n" for n in range(8))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (b"", {}, "empty_file"),
        ("姓名,time\n王小明,2026-01-01\n".encode(), {}, "missing_column"),
        ("no,no,姓名,time\n1,2,王小明,2026-01-01\n".encode(), {}, "duplicate_header"),
        (CHINESE.encode("gb18030"), {}, "wrong_encoding"),
        (CHINESE.encode(), {"encoding": "gb18030"}, "wrong_encoding"),
        (CHINESE.encode("utf-8-sig"), {"encoding": "gb18030"}, "wrong_encoding"),
        (CHINESE.encode("utf-16"), {}, "wrong_encoding"),
        (CHINESE.encode("big5", "ignore"), {"encoding": "gb18030"}, "wrong_encoding"),
        (CHINESE.encode("gb18030"), {"encoding": "latin-1"}, "wrong_encoding"),
        (b"no,time\n" + b"\xff\xfe\xfd", {}, "wrong_encoding"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_by_name_and_harms_no_other(
    home: Home, content: bytes, options: dict[str, str], code: str
) -> None:
    contract = home.source("bad", {"a.csv": content}, **options)
    (report,) = home.take(contract)
    assert (report.status, report.error_code) == ("refused", code)
    assert report.error_message
    assert "a.csv" in report.error_message
    assert home.take(home.source("good", {"b.csv": GOOD}))[0].accepted == 1
    assert [manifest["source_system"] for manifest in list_deliveries(home.root)] == ["good"]


def test_header_only_is_a_delivery_without_rows(home: Home) -> None:
    (report,) = home.take(home.source("people", {"a.csv": HEADER}))
    assert (report.status, report.rows_in) == ("accepted", 0)


def test_additional_and_optional_absent_columns_are_told_and_kept(home: Home) -> None:
    (report,) = home.take(home.source("people", {"a.csv": "no,time,备注\n1,2026-01-01,好\n"}))
    assert report.accepted == 1
    assert {"column 姓名 is absent", "column 备注 is not in the contract; kept in extra"} <= set(
        report.warnings
    )
    assert home.rows("extra") == [('{"备注":"好"}',)]


def test_a_directory_in_the_place_of_a_file_is_refused(home: Home) -> None:
    contract = home.source("people", {"b.csv": GOOD})
    (home.landing("people") / "a.csv").mkdir()
    assert {report.file_name: report.error_code for report in home.take(contract)} == {
        "a.csv": "not_a_file",
        "b.csv": None,
    }


def ucv(home: Home, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(home.root)]
    inherited = {**os.environ, "COLUMNS": "200", "UCV_MIN_FREE_BYTES": "0"}
    return subprocess.run(
        command, cwd=ROOT, env={**inherited, **environment}, capture_output=True, text=True, check=False
    )


def test_no_contract_at_all_stops_before_work_begins(home: Home) -> None:
    ended = ucv(home, "run")
    assert ended.returncode == 2
    assert "ucv contract new" in ended.stderr
    assert not list((home.root / "warehouse").iterdir())


def test_a_contract_with_a_typo_names_file_place_and_nearest_name(home: Home) -> None:
    home.source("people")
    path = home.root / "contracts" / "people.yml"
    path.write_text(path.read_text("utf-8").replace("name: full_name", "name: fulname"), encoding="utf-8")
    ended = ucv(home, "check")
    assert ended.returncode == 2
    assert "people.yml" in ended.stderr
    assert "full_name" in ended.stderr
    assert ucv(home, "run").returncode == 2


def test_no_key_file_and_a_wrong_key_stop_before_work_begins(home: Home, tmp_path: Path) -> None:
    home.take(home.source("people", {"a.csv": GOOD}))
    key = home.settings.key_path
    kept = key.read_text("utf-8")
    key.unlink()
    ended = ucv(home, "run")
    assert (ended.returncode, "No key file" in ended.stderr) == (2, True)
    with pytest.raises(SettingsError, match="No key file"):
        create_home(home.root)  # a fresh key would open nothing that is here
    other = Home(tmp_path / "other").settings
    key.write_text(
        other.key_path.read_text("utf-8").replace(other.home_id, home.settings.home_id), encoding="utf-8"
    )
    key.chmod(0o600)
    ended = ucv(home, "run")
    assert (ended.returncode, "is not the one" in ended.stderr) == (2, True)
    key.write_text(kept, encoding="utf-8")
    assert load_keys(home.settings) == home.keys


def test_a_disk_that_is_nearly_full_stops_a_run_before_work_begins(home: Home) -> None:
    home.source("people", {"a.csv": GOOD})
    ended = ucv(home, "run", UCV_MIN_FREE_BYTES=str(10**18))
    assert (ended.returncode, "Free space" in ended.stderr) == (1, True)
    assert "Traceback" not in ended.stderr
    assert list_deliveries(home.root) == []


def test_a_store_of_dagster_that_cannot_be_opened_is_told_in_one_message(home: Home) -> None:
    home.source("people", {"a.csv": GOOD})
    # As on a full disk, SQLite can neither read nor write here.
    (home.root / "dagster" / "history" / "runs.db").mkdir(parents=True)
    ended = ucv(home, "run")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Dagster's store" in ended.stderr


_FULL = """
import resource, sys
from datetime import datetime
from pathlib import Path
from pipelines.contracts.load import load_contract
from pipelines.errors import UcvError
from pipelines.ingest.source import ingest_source
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys
settings = load_settings(Path(sys.argv[1])); keys = load_keys(settings)
contract = load_contract(settings.home / "contracts" / "people.yml", settings.home)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    ingest_source(contract, settings, keys, datetime(2026, 1, 2))
except UcvError as error:
    sys.exit(f"{error.exit_code}: {error}")
"""


def test_a_full_disk_is_told_keeps_nothing_half_and_the_next_run_takes_all(home: Home) -> None:
    # Every file is cut at 100 kB: writing fails like on a full disk, whoever runs the test.
    rows = "".join(f"{n},{SECRET}{os.urandom(30).hex()},2026-01-01\n" for n in range(5000))
    contract = home.source("people", {"a.csv": HEADER + rows})
    ended = subprocess.run(
        [sys.executable, "-c", _FULL, str(home.root)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "free space" in ended.stderr
    assert SECRET not in ended.stderr
    assert list_deliveries(home.root) == []
    assert not [path for path in home.root.rglob("*") if path.name.endswith(".half")]
    assert home.take(contract)[0].accepted == 5000


def _forms() -> dict[str, bytes]:
    """One list in every format, packed and not."""
    book, columns, archive = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    names, rows = ["no", "姓名", "time"], [[str(n), f"王{n}", "2026-01-01"] for n in range(40)]
    for line in (names, *rows):
        book.active.append(line)
    sheet = io.BytesIO()
    book.save(sheet)
    pq.write_table(pa.table({name: [row[n] for row in rows] for n, name in enumerate(names)}), columns)
    text = "\n".join(",".join(line) for line in (names, *rows)).encode()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_BZIP2) as packed:
        packed.writestr("a.csv", text)
    objects = "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows).encode()
    return {"csv": text, "csv gzip": gzip.compress(text), "csv zip": archive.getvalue(), "jsonl": objects,
            "xlsx": sheet.getvalue(), "parquet": columns.getvalue()}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "csv gzip", "csv zip", "jsonl", "xlsx", "parquet"])
def test_a_damaged_file_is_refused_or_its_rows_quarantined_and_the_next_is_taken(
    home: Home, form: str
) -> None:
    good = _forms()[form]
    dice = random.Random(form)
    contract = home.source("people", {"z.good": good}, form=form.partition(" ")[0])
    for turn in range(6):
        bad = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(bad))
            bad[place : place + dice.randint(0, 9)] = dice.choice([b"", b"\x00\xff", b'"', dice.randbytes(5)])
        (home.landing("people") / f"{turn}.bad").write_bytes(bad)
    for report in home.take(contract):
        if report.file_name == "z.good":
            assert report.status == "accepted"
        else:
            assert report.status == "accepted" or report.error_code not in (None, "not_loadable"), report
