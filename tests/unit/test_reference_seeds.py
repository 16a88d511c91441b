"""Official figures that are shipped add up to what was published for the whole country, under codes that addresses get."""

from __future__ import annotations

import csv

import pytest

from pipelines.functions.divisions import division_tables
from pipelines.settings import DBT_PROJECT_DIR

# The census of 2020 for mainland China without servicemen, whose two million lie in no province.
PEOPLE, AGED_60_OR_MORE, UNIVERSITY_EDUCATED = 1_409_778_724, 264_018_766, 218_360_767


def rows(seed: str) -> list[dict[str, str]]:
    with (DBT_PROJECT_DIR / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_provinces_add_up_to_the_country() -> None:
    figures = rows("area_figures")
    by_measure = {
        measure: sum(float(row["value"]) * (1 if row["unit"] == "people" else int(row["people"]))
                     for row in figures if row["measure"] == measure)
        for measure in {row["measure"] for row in figures}
    }  # fmt: skip
    assert by_measure["population"] == PEOPLE
    assert by_measure["aged_60_or_more_share"] == pytest.approx(AGED_60_OR_MORE, rel=0.0005)
    # a million graduates are servicemen
    assert by_measure["university_educated_share"] == pytest.approx(UNIVERSITY_EDUCATED, rel=0.01)


def test_areas_are_named_and_coded_as_addresses_are() -> None:
    provinces, _, _ = division_tables()
    for row in rows("area_figures"):
        assert row["area_level"] == "province"
        assert provinces[row["area_name"]].code == row["area_code"]
        assert row["publisher"]
        assert row["title"]


def test_invented_market_figures_say_that_they_are() -> None:
    for row in rows("market_figures"):
        assert row["is_example"] == "true"
        assert "invented" in row["publisher"]
        assert row["licence"]
