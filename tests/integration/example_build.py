"""The example pairs of matching, built through the product: one source, both sides of each pair are records of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contract_texts import column_name, contract_text
from delivery_home import Home
from specification_changes import Change, ConditionChange
from test_dbt_unit_tests import run_dbt

from pipelines.contracts.fields import fields_of
from pipelines.contracts.load import load_contract
from pipelines.functions.name import standardise_name
from pipelines.matching.examples import ConditionExample, LevelExample, Side
from pipelines.storage.connection import connect
from pipelines.warehouse import prepare_warehouse

Row = dict[str, Any]
NAME = ("full_name", "family_name", "given_name", "middle_name", "native_name")
KIND = "registration"
# Models and the seeds that they read; `run` leaves seeds out.
BUILT = ("build", "--exclude-resource-types", "unit_test", "test", "--select", "+identity_profiles", "+identity_contact_frequencies")  # fmt: skip
ANSWERS = """
select
    *
    {% for name, fact in match_specification().facts.items() %}, {{ match_fact(fact.when) }} as is_{{ name }}{% endfor %}
    {% for guard in match_specification().guards %}, {{ match_fact(guard.when) }} as is_{{ guard.name }}{% endfor %}
from ({{ compare_pairs('memory.main.example_pairs') }})
"""
OTHER_CONDITIONS = """
select * {%% for column, when in %s %%}, {{ match_fact(when) }} as {{ column }}{%% endfor %%}
from ({{ compare_pairs('memory.main.example_pairs') }})
"""
CHANGED = """
{%% for column, field, place, when in (%s if execute else []) %%}
    {%% set changed = fromjson(tojson(match_comparison(field))) %%}
    {%% do changed.update({'field': column}) %%}
    {%% do changed.levels[place].update({'when': when}) %%}
    {%% do match_specification().comparisons.append(changed) %%}
{%% endfor %%}
{{ compare_pairs('memory.main.example_pairs') }}
"""


class ExampleBuild:
    """A home whose profiles are the sides of `examples`: number n of the list has the records `a-n` and `b-n`."""

    def __init__(self, tmp: Path, examples: Iterable[LevelExample | ConditionExample]) -> None:
        self.home, self.target, self.examples = Home(tmp / "home"), tmp / "target", list(examples)
        self._deliver()
        run_dbt(self.home.root, self.target, *BUILT)

    def answers(self) -> dict[str, Row]:
        """Name of an example -> its columns of compare_pairs, and is_X for each guard and fact X."""
        return self._run(self._compiled(ANSWERS))

    def changed(self, changes: list[Change]) -> dict[str, Row]:
        """Name of an example -> columns of compare_pairs, and `change_N_level` for the change at N of the list."""
        listed = [[f"change_{place}", one.field, one.place, one.when] for place, one in enumerate(changes)]
        return self._run(self._compiled(CHANGED % json.dumps(listed, ensure_ascii=False)))

    def with_conditions(self, changes: list[ConditionChange]) -> dict[str, Row]:
        """Name of an example -> `change_N`: whether the changed condition at N of the list holds."""
        listed = [[f"change_{place}", one.when] for place, one in enumerate(changes)]
        return self._run(self._compiled(OTHER_CONDITIONS % json.dumps(listed)))

    def turned_by_others(self) -> list[str]:
        """Records whose family and given name changed places because of how often other records bear the words.

        Nothing else in a profile that levels are made of depends on other profiles.
        """
        found = self._read(
            "select records.source_record_id from identity_profiles as profiles "
            "join identity_records as ids using (profile_no) join warehouse.standardise.std_records as records "
            "using (record_id) where profiles.family_latin is distinct from records.family_latin"
        )
        return [str(row["source_record_id"]) for row in found]

    def _deliver(self) -> None:
        columns = [name for name in fields_of(KIND) if name in self._columns()]
        path = self.home.root / "contracts" / "examples.yml"
        path.write_text(contract_text("examples", KIND, "website", columns), "utf-8")
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(column_name(name) for name in columns)
        rows = [
            row
            for number, one in enumerate(self.examples)
            for letter, side in (("a", one.a), ("b", one.b))
            for row in (delivered(side, f"{letter}-{number}"), mirrored(side, f"mirror-{letter}-{number}"))
            if row
        ]
        writer.writerows([row.get(name, "") for name in columns] for row in rows)
        folder = self.home.landing("examples")
        folder.mkdir(parents=True)
        (folder / "a.csv").write_text(text.getvalue(), "utf-8")
        (report,) = self.home.take(load_contract(path, self.home.root))
        assert report.accepted == report.rows_in == len(rows), report

    def _columns(self) -> set[str]:
        sides = [side for one in self.examples for side in (one.a, one.b)]
        return {name for side in sides for name in (*delivered(side, ""), *mirrored(side, ""))}

    def _compiled(self, inline: str) -> str:
        (self.target / "run_results.json").unlink()  # dbt leaves the old one where it can't compile
        run_dbt(self.home.root, self.target, "compile", "--inline", inline)
        (result,) = json.loads((self.target / "run_results.json").read_text("utf-8"))["results"]
        return str(result["compiled_code"])

    def _run(self, sql: str) -> dict[str, Row]:
        records = "join identity_records as {0} on {0}.source_record_id = '{0}-' || numbers.number"
        pairs = (
            "create table memory.main.example_pairs as select a.profile_no as profile_a, b.profile_no as profile_b, number "
            f"from (select unnest(range({len(self.examples)})) as number) as numbers "
            f"{records.format('a')} {records.format('b')}"
        )
        found = self._read(
            f"select * from ({sql}) join memory.main.example_pairs using (profile_a, profile_b)", pairs
        )
        return {self.examples[row["number"]].name: row for row in found}

    def _read(self, sql: str, *before: str) -> list[Row]:
        conn = connect(self.home.settings)
        try:
            path = self.home.root / "warehouse" / "unit" / "warehouse.duckdb"
            prepare_warehouse(conn, self.home.settings, self.home.keys, path)
            conn.execute("use warehouse.identity")
            for command in before:
                conn.execute(command)
            cursor = conn.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        finally:
            conn.close()


def delivered(side: Side, key: str) -> Side:
    """A side as a record of its own: alike sides must stay two profiles."""
    own = "device_id" if "device_id" not in side else "social_handle"
    return {
        "source_record_id": key,
        "registered_at": "2026-01-01",
        own: key and f"only-{key}",
        **side,
    }


def mirrored(side: Side, key: str) -> Side:
    """A record of the same name with its parts in each other's place; none where it has not both.

    With it each word is a family name as often as a given name, so that how often a word is one tells nothing of an example.
    """
    name = standardise_name(*(side.get(column) for column in NAME)) or {}
    if not (name.get("family_latin") and name.get("given_latin")):
        return {}
    return delivered({"family_name": name["given_latin"], "given_name": name["family_latin"]}, key)
