"""A home with a club and a till of a few people, and real nights in it, in this process."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from contract_texts import column_name, contract_text
from rich.console import Console

from pipelines.command.run import RunOutcome, run_nightly
from pipelines.publishing.query import run_query
from pipelines.settings import Settings, load_settings
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

AS_OF = "2026-11-01"
PEOPLE = 24
CLUB = ["source_record_id", "full_name", "phone", "email", "birth_date", "registered_at"]
OTHER_EMAIL = "other_email"
"""A column of the club's files that its first contract does not map."""
TILL = ["source_record_id", "transaction_id", "transacted_at", "amount", "currency", "full_name", "phone"]


def person(number: int) -> dict[str, str]:
    names = ("Berg", "Holm", "Lind", "Dahl", "Rask", "Voss")
    return {
        "full_name": f"Anna{chr(97 + number)} {names[number % 6]}man", "phone": f"139{number:04d}5678",
        "email": f"person{number}@mail.example.cn", "birth_date": f"19{60 + number}-03-0{1 + number % 9}",
    }  # fmt: skip


def csv_text(fields: list[str], rows: list[dict[str, str]]) -> str:
    lines = [",".join(column_name(name) for name in fields)]
    return "\n".join([*lines, *(",".join(row.get(name, "") for name in fields) for row in rows)]) + "\n"


def club_rows() -> list[dict[str, str]]:
    return [
        {
            **person(n), "source_record_id": f"c{n}", "registered_at": "2026-09-01 08:00:00",
            OTHER_EMAIL: f"right{n}@mail.example.cn",
        } for n in range(PEOPLE)
    ]  # fmt: skip


def till_rows() -> list[dict[str, str]]:
    return [
        {
            **person(n % PEOPLE), "source_record_id": f"t{n}", "transaction_id": f"t{n}", "amount": f"{10 + n}.50",
            "transacted_at": f"2026-10-{1 + n % 27:02d} 10:00:00", "currency": "CNY",
        } for n in range(2 * PEOPLE)
    ]  # fmt: skip


def make_home(root: Path) -> Settings:
    """The home with both sources and one file of each in landing."""
    settings = create_home(root)
    for source, kind, fields, rows in (
        ("club", "registration", [*CLUB, OTHER_EMAIL], club_rows()),
        ("till", "transaction", TILL, till_rows()),
    ):
        path = settings.home / "contracts" / f"{source}.yml"
        mapped = [name for name in fields if name != OTHER_EMAIL]
        path.write_text(contract_text(source, kind, "website", mapped), encoding="utf-8")
        deliver(settings.home, source, "first.csv", csv_text(fields, rows))
    return load_settings(settings.home)


def deliver(home: Path, source: str, name: str, text: str, moment: float = 1_790_000_000) -> None:
    """Put a file into landing as if it had been written at `moment`."""
    path = home / "landing" / source / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (moment, moment))


@contextmanager
def surroundings(folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """The environment of nights in this process, put back afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("UCV_HOME", "DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
            patch.setenv(name, "1")
        patch.setenv("UCV_HOME", str(folder / "home"))
        patch.setenv("DAGSTER_HOME", str(folder / "home" / "dagster"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("UCV_AS_OF_DATE", AS_OF)
        patch.setenv("UCV_MIN_FREE_BYTES", "0")
        yield patch


def night(settings: Settings, **words: Any) -> tuple[RunOutcome, str]:
    """Both jobs as `ucv run` executes them, and what the terminal shows."""
    told = io.StringIO()
    outcome = run_nightly(settings, Console(file=told, width=200), **words)
    return outcome, told.getvalue()


@contextmanager
def instance_of(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(settings.home / "dagster")) as instance:
        yield instance


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in run_query(settings, load_keys(settings), sql).rows]


def hashes(settings: Settings) -> dict[str, str]:
    """Content of each published table."""
    path = settings.home / "warehouse" / "versions" / "current" / "manifest.json"
    return {
        name: facts["content_hash"] for name, facts in json.loads(path.read_text("utf-8"))["tables"].items()
    }
