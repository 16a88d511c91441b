"""What somebody might try to get out more than they may: each tried for real, and what came of it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from exports_home import DAY, PEOPLE, signs

from pipelines.command.audience import file_contract
from pipelines.command.export import Outcome, export
from pipelines.errors import UcvError
from pipelines.exports.file_contract import FileContractError
from pipelines.exports.ledger import LedgerError, ledger_folder, ledger_path
from pipelines.exports.receivers import ReceiverError, find_receiver
from pipelines.exports.request import ExportError, Request
from pipelines.segments.document import SegmentError
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

REQUEST = Request("one", "everybody", "", "email", "marketing", "csv", "spring", DAY, 0.0, None)
OUTSIDE = ("../contracts/web", "/etc/passwd", "..", "everybody/../everybody", "everybody.yml", "", "é" * 300)


def make(settings: Settings, **changes: object) -> Outcome:
    return export(settings, load_keys(settings), replace(REQUEST, **changes))  # type: ignore[arg-type]


def left(settings: Settings) -> list[str]:
    """Everything in exports and its ledger."""
    return sorted(
        str(path) for folder in ("exports", "state/exports") for path in (settings.home / folder).rglob("*")
    )


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_name_leads_out_of_its_folder(exports_copy: Settings, name: str) -> None:
    before = left(exports_copy)
    with pytest.raises(SegmentError):
        make(exports_copy, audience=name)
    with pytest.raises(ReceiverError):
        find_receiver(exports_copy.home, name)
    with pytest.raises(FileContractError):
        file_contract(exports_copy, name)
    if name:
        with pytest.raises(ExportError):
            make(exports_copy, export_id=name)
    assert [path for path in left(exports_copy) if path not in before] in (
        [],
        [str(exports_copy.home / "state/exports")],
    )


@pytest.mark.parametrize(
    "rules",
    [
        """{field: 'order_count" >= 0 OR true --', at_least: 0}""",
        "{table: 'customer_360; DROP TABLE marts.consent_ledger; --', field: order_count, at_least: 0}",
        "{table: golden.customers, field: national_id, known: true}",
        "{field: order_count, at_least: '0) OR (true'}",
        "{field: customer_id) IS NOT NULL OR (1, known: true}",
        "!!python/object/apply:os.system ['touch /tmp/ucv-owned']",
        "{field: order_count, 'at_least: 0 OR': 1}",
    ],
)
def test_an_audience_file_runs_nothing(exports_copy: Settings, rules: str) -> None:
    (exports_copy.home / "segments" / "evil.yml").write_text(f"title: Evil\nwhere: {rules}\n", "utf-8")
    with pytest.raises(SegmentError):
        make(exports_copy, audience="evil")
    assert not Path("/tmp/ucv-owned").exists()
    assert make(exports_copy).entry["rows"] > 0


def test_a_value_that_is_sql_is_a_value(exports_copy: Settings) -> None:
    (exports_copy.home / "segments" / "evil.yml").write_text(
        """where: {any: [{field: city, is: "x' OR '1'='1"}, {field: suppressed_channels, has: "a'); DROP TABLE x; --"}]}""",
        "utf-8",
    )
    assert make(exports_copy, audience="evil").entry["people"] == 0


def test_every_suppressed_customer_in_the_audience_reaches_none_of_them(exports_copy: Settings) -> None:
    (exports_copy.home / "segments" / "wrong.yml").write_text(
        "where: {any: [{field: is_suppressed, is: true}, {field: suppressed_channels, has: email}, {field: has_marketing_consent, is: false}]}",
        "utf-8",
    )
    outcome = make(exports_copy, audience="wrong")
    assert outcome.path is not None
    text = outcome.path.read_text("utf-8")
    assert outcome.entry["people"] >= 6
    # one of them agreed again, by name, after the opt-out
    assert [person for person in PEOPLE if signs(person)["email"] in text] == ["returned"]
    assert (outcome.entry["rows"], outcome.entry["decoys"]) == (3, 2)


def test_a_formula_of_a_customer_is_text_in_a_spreadsheet(exports_copy: Settings) -> None:
    outcome = make(exports_copy, form="spreadsheet")
    assert outcome.path is not None
    (line,) = [
        line for line in outcome.path.read_text("utf-8-sig").splitlines() if signs("formula")["email"] in line
    ]
    assert "\"'=cmd|" in line
    assert not [
        line
        for line in outcome.path.read_text("utf-8-sig").splitlines()
        if ',"=' in line or line.startswith('"=')
    ]


def test_an_export_is_not_replayed_by_forgetting_it(exports_copy: Settings) -> None:
    first = make(exports_copy)
    assert first.entry["charged"] == {"lease": 2}
    ledger = ledger_path(exports_copy.home)
    ledger.write_text("", "utf-8")
    with pytest.raises(LedgerError, match="its line is gone"):
        make(exports_copy)
    # with the file hidden as well its uses stay spent for every other export
    shutil.rmtree(exports_copy.home / "exports" / "one")
    assert make(exports_copy, export_id="two").entry["charged"] == {}


@pytest.mark.parametrize("attack", ["shrink", "swap", "members", "cut"])
def test_the_ledger_is_not_changed_unseen(exports_copy: Settings, attack: str) -> None:
    for name in ("one", "two", "three"):
        make(exports_copy, export_id=name)
    ledger = ledger_path(exports_copy.home)
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    if attack == "shrink":
        ledger.write_text("".join(lines).replace('"lease": 2', '"lease": 1'), "utf-8")
    elif attack == "swap":
        ledger.write_text("".join([lines[1], lines[0], lines[2]]), "utf-8")
    elif attack == "members":
        os.replace(
            ledger_folder(exports_copy.home) / "000001-one.parquet", exports_copy.home / "hidden.parquet"
        )
    else:
        ledger.write_text("".join(lines[:-1]), "utf-8")
    with pytest.raises(UcvError, match=r"not what was written|are gone|line is gone"):
        make(exports_copy, export_id="three" if attack == "cut" else "four")
