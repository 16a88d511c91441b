"""An export of a demo, as a person would make it, held against what the generator knows of its people."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.demo.truth import read_truth
from pipelines.publishing.query import run_query
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.storage.keys import load_keys


@dataclass(frozen=True)
class Demo:
    """A published demo and who each record belongs to."""

    settings: Settings
    person_of: dict[str, str]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in run_query(self.settings, load_keys(self.settings), sql).rows]

    def people_of_customers(self) -> dict[str, set[str]]:
        """Customer -> the people whose records it holds; more than one where matching erred."""
        found: dict[str, set[str]] = {}
        for record, customer in self.query("SELECT record_id, customer_id FROM customer_xref"):
            found.setdefault(customer, set()).update(
                {self.person_of[record]} if record in self.person_of else set()
            )
        return found

    def people(self, sql: str) -> set[str]:
        """The people behind the record ids that a query returns."""
        return {self.person_of[record] for (record,) in self.query(sql) if record in self.person_of}


def ucv(home: Path, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "COLUMNS": "200"}
    command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(home)]
    ended = subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("export_demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("UCV_MIN_FREE_BYTES", "0")
        patch.delenv("UCV_AS_OF_DATE", raising=False)
        ucv(folder / "home", "demo", "--people", "400", "--seed", "11")
        (folder / "home" / "segments").mkdir(exist_ok=True)
        (folder / "home" / "segments" / "everybody.yml").write_text(
            "title: Everybody\nwhere: {field: order_count, at_least: 0}\n", encoding="utf-8"
        )
        truth = read_truth(folder / "home")
        person_of = {
            f"{row.source_system}:{row.source_record_id}": str(row.person_id) for row in truth.itertuples()
        }
        yield Demo(load_settings(folder / "home"), person_of)


@pytest.mark.parametrize("channel", ["email", "sms", "phone", "post"])
def test_nobody_who_truly_opted_out_and_nobody_without_a_ground_is_in_the_file(
    demo: Demo, channel: str
) -> None:
    told = ucv(
        demo.settings.home,
        "export",
        "everybody",
        "--channel",
        channel,
        "--purpose",
        "marketing",
        "--export-id",
        channel,
    )
    assert "exported" in told
    lines = (demo.settings.home / "exports" / channel / f"{channel}.csv").read_text("utf-8").splitlines()[1:]
    token = load_keys(demo.settings).tokeniser()
    people_of = demo.people_of_customers()
    customer_of = {token(f"recipient/{channel}/{customer}")[:20]: customer for customer in people_of}
    reached = [people_of[customer_of[line.split(",")[0]]] for line in lines]
    assert len(reached) > 20
    lifted = f"SELECT record_id FROM consent_ledger WHERE channel = '{channel}' AND purpose = 'marketing' AND ended_at IS NOT NULL"
    opted_out = demo.people(
        "SELECT DISTINCT record_id FROM customer_suppressions WHERE source_system = 'opt_outs' "
        f"AND channel IN ('any', '{channel}') AND purpose IN ('any', 'marketing') AND record_id NOT IN ({lifted})"
    )
    assert opted_out
    assert [people for people in reached if people & opted_out] == []
    # whoever is reached agreed on the website, or stands on the list whose contract has a legal basis
    grounds = demo.people(
        "SELECT DISTINCT record_id FROM consent_ledger WHERE verdict = 'granted' AND source_system = 'web_registrations' "
        "UNION SELECT record_id FROM customer_xref WHERE source_system = 'list_purchased'"
    )
    assert [people for people in reached if not people & grounds] == []


def test_the_next_night_has_nothing_to_build_after_exports(demo: Demo) -> None:
    assert "Readers keep" in ucv(demo.settings.home, "run")
