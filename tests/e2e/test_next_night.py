"""A steward's verdict, a newly listed placeholder and a new model take effect in the next night, and nobody else's id changes."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
Record = tuple[str, str]


class Nights:
    """A home of the demo, run by a copy of the project whose lists a test may change."""

    def __init__(self, tmp: Path) -> None:
        self.home, self.project = tmp / "home", tmp / "project"
        for part in ("pipelines", "dbt_project", "data"):
            without = shutil.ignore_patterns(
                "__pycache__", "target", "logs", "landing", "raw", "warehouse", "dagster", "state"
            )
            shutil.copytree(ROOT / part, self.project / part, ignore=without)
        for name in ("pyproject.toml", "workspace.yaml", "README.md"):
            shutil.copy(ROOT / name, self.project / name)
        self.environment = {
            **os.environ, "PYTHONPATH": str(self.project), "XDG_CONFIG_HOME": str(tmp / "config"), "COLUMNS": "400",
            "UCV_AS_OF_DATE": "2026-11-01",
        }  # fmt: skip
        self.ucv("demo", "--people", "150")

    def ucv(self, *words: str) -> str:
        command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(self.home)]
        ended = subprocess.run(
            command, cwd=self.project, env=self.environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
        return ended.stdout

    def query(self, sql: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.ucv("query", sql, "--format", "csv"))))[1:]

    def customers(self) -> dict[str, frozenset[Record]]:
        """Customer id -> its records."""
        found = defaultdict(set)
        for system, record, customer in self.query(
            "select source_system, source_record_id, customer_id from customer_xref"
        ):
            found[customer].add((system, record))
        return {customer: frozenset(records) for customer, records in found.items()}


def kept_ids(
    before: dict[str, frozenset[Record]], after: dict[str, frozenset[Record]]
) -> tuple[int, set[str]]:
    """Customers with the same records as before, and those of them under another id."""
    told = {records: customer for customer, records in after.items()}
    same = {customer: told[records] for customer, records in before.items() if records in told}
    return len(same), {customer for customer, now in same.items() if now != customer}


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    return Nights(tmp_path_factory.mktemp("next_night"))


def test_a_verdict_parts_two_records_in_the_next_night(nights: Nights) -> None:
    before = nights.customers()
    two = min((records for records in before.values() if len(records) == 2), key=sorted)
    one, other = sorted(two)
    nights.ucv("review", "--different", ":".join(one), ":".join(other))
    nights.ucv("run")
    after = nights.customers()
    of = {record: customer for customer, records in after.items() for record in records}
    assert of[one] != of[other]
    same, changed = kept_ids(before, after)
    assert same >= len(before) - 3
    assert changed == set()


def test_a_mailbox_that_is_listed_as_nobodys_reaches_nobody_in_the_next_night(nights: Nights) -> None:
    before = nights.customers()
    ((email,),) = nights.query("select min(email) from customers where email is not null")
    placeholders = nights.project / "pipelines" / "functions" / "lists" / "email_placeholder_mailboxes.txt"
    with placeholders.open("a", encoding="utf-8") as stream:
        stream.write(f"{email.partition('@')[0]}\n")
    nights.ucv("run")
    assert nights.query(f"select customer_id from customers where email = '{email}'") == []
    same, changed = kept_ids(before, nights.customers())
    assert same >= 0.97 * len(before)
    assert changed == set()


def test_a_new_model_leaves_the_ids_of_whom_it_does_not_touch(nights: Nights) -> None:
    before = nights.customers()
    nights.ucv("train", "--activate")
    nights.ucv("run")
    same, changed = kept_ids(before, nights.customers())
    assert same >= 0.9 * len(before)
    assert changed == set()
