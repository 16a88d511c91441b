"""A file by contract has the columns that the contract tells, and of each person only what choices and terms permit."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from published_tables import REQUEST, add_person, published, reasons

from pipelines.exports.contracted_rows import fill, offer_contracted
from pipelines.exports.decoys import Decoy
from pipelines.exports.file_contract import FileContract, FileContractError, find_file_contract
from pipelines.exports.files import write_export
from pipelines.exports.receivers import Receiver
from pipelines.exports.request import ExportError, check_request
from pipelines.exports.rows import read_rows

HOUSE = Receiver("house", "Mail house", "processor", "CN", "C-1", None)
TABLES = {
    "customer_360": {"city": "VARCHAR", "order_count": "INTEGER", "income_band": "VARCHAR"},
    "customer_rfm": {"segment": "VARCHAR"},
}
COLUMNS = {
    "recipient": ("string", "recipient", "internal"), "hours": ("string", "allowed_hours", "internal"),
    "customer": ("string", "customer_id", "internal"),
    "contact": ("string", "value", "pii"), "town": ("string", "customer_360.city", "personal"),
    "orders": ("integer", "customer_360.order_count", "personal"), "rank": ("string", "customer_rfm.segment", "personal"),
    "income": ("string", "customer_360.income_band", "personal"),
}  # fmt: skip


def contract(
    folder: Path, required: tuple[str, ...] = ("contact", "orders"), **columns: tuple[str, str, str]
) -> FileContract:
    """A contract of COLUMNS and further ones, read from a file."""
    lines = [
        f"      - {{name: {name}, logicalType: {kind}, required: {str(name in required).lower()}, classification: {of_class}, "
        f"customProperties: [{{property: from, value: {origin}}}]}}"
        for name, (kind, origin, of_class) in {**COLUMNS, **columns}.items()
    ]
    head = "apiVersion: v3.1.0\nkind: DataContract\nid: mine\nname: Mine\nversion: 1.0.0\nstatus: active\nschema:\n"
    text = head + "  - name: mine\n    logicalType: object\n    properties:\n" + "\n".join(lines) + "\n"
    (folder / "mine.yml").write_text(text, "utf-8")
    return find_file_contract("mine", folder)


@pytest.fixture
def conn() -> duckdb.DuckDBPyConnection:
    found = published()
    add_person(found, "open", also=(("sensitive", "granted"),))
    add_person(found, "shy", also=(("profiling", "refused"),))
    add_person(found, "lent")
    found.execute(
        "INSERT INTO marts.dim_acquisition_terms VALUES ('lease', 'lease', 'L', NULL, NULL, '2031-02-28', [], [], [], false)"
    )
    found.execute(
        "CREATE TABLE marts.customer_360 AS SELECT customer_id, 'Ulm' AS city, 2 AS order_count, 'high' AS income_band FROM golden.customers"
    )
    found.execute(
        "CREATE TABLE marts.customer_rfm AS SELECT customer_id, 'loyal' AS segment FROM golden.customers"
    )
    found.execute("ALTER TABLE golden.customer_values ADD COLUMN source_system VARCHAR")
    for who in ("open", "shy", "lent"):
        for field in ("address", "income_band"):
            source = "lease" if who == "lent" else "web"
            found.execute(
                "INSERT INTO golden.customer_values VALUES (?, ?, 'x', true, 1, ?)", [who, field, source]
            )
    return found


def written(conn: duckdb.DuckDBPyConnection, one: FileContract, folder: Path) -> dict[str, dict[str, str]]:
    """Contact -> the row of it in the file."""
    reasons(conn)
    request = replace(REQUEST, contract=one)
    recipients, _ = read_rows(
        conn, request, [Decoy("one", "Bela Orme", "email", "d@x.example")], lambda text: f"{hash(text):x}"
    )
    offer_contracted(conn, one, TABLES, ["customer_rfm"])
    path = write_export(folder / "out", request, recipients, fill(conn, one))
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        assert reader.fieldnames == [column.name for column in one.columns]
        return {row["contact"]: row for row in reader}


def test_each_cell_is_there_only_where_choices_and_terms_permit_it(
    conn: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    found = written(conn, contract(tmp_path), tmp_path)
    told = {
        who: tuple(row[name] for name in ("customer", "town", "orders", "rank", "income"))
        for who, row in found.items()
    }
    assert told["open@x.example"] == ("open", "Ulm", "2", "loyal", "high")
    # no score of who refused profiling; income only of who agreed by name, though the contract calls it personal
    assert told["shy@x.example"] == ("shy", "Ulm", "2", "", "")
    # the town came from a lease that is over
    assert told["lent@x.example"] == ("lent", "", "2", "loyal", "")
    decoy = told["d@x.example"]
    assert decoy[0].startswith("C")
    assert decoy[1:] == ("", "0", "", "")
    assert len({row["recipient"] for row in found.values()}) == 4


def test_a_row_that_would_break_the_contract_stops_the_file(
    conn: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(FileContractError, match="Column town is required"):
        written(conn, contract(tmp_path, required=("town",)), tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (("string", "golden.customers.national_id", "pii"), "expected one of recipient, customer_id"),
        (("string", "customers.national_id", "pii"), "leaves in no file"),
        (("string", "x; drop table y", "pii"), "expected one of"),
        (("object", "value", "pii"), "has the type 'object'"),
        (("string", "value", "''"), "no classification"),
    ],
)
def test_a_contract_asks_for_nothing_that_must_not_leave(
    tmp_path: Path, column: tuple[str, str, str], told: str
) -> None:
    with pytest.raises(FileContractError, match=told):
        contract(tmp_path, more=column)


def test_a_contract_names_what_is_published(conn: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(FileContractError, match="there are city, income_band, order_count"):
        written(conn, contract(tmp_path, more=("string", "customer_360.shoe_size", "personal")), tmp_path)
    with pytest.raises(FileContractError, match="which is not published"):
        written(conn, contract(tmp_path, more=("string", "consent_ledger.verdict", "personal")), tmp_path)


def test_the_first_column_finds_whoever_is_erased_later(tmp_path: Path) -> None:
    text = contract(tmp_path) and (tmp_path / "mine.yml").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    first = next(turn for turn, line in enumerate(lines) if "name: recipient" in line)
    (tmp_path / "mine.yml").write_text("".join(lines[:first] + lines[first + 1 :]), "utf-8")
    with pytest.raises(FileContractError, match="first column must be from recipient"):
        find_file_contract("mine", tmp_path)
    for name in ("../mine", "other", "MINE"):
        with pytest.raises(FileContractError, match="No contract of a file"):
            find_file_contract(name, tmp_path)


def test_hashes_have_no_contract(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="leave out --contract"):
        check_request(replace(REQUEST, form="hashed", receiver=HOUSE, contract=contract(tmp_path)))
