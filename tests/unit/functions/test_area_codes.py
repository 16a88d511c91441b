"""The seed of area codes is what its maker makes of phonenumbers, and says what people know."""

from __future__ import annotations

import csv

from pipelines.functions.area_code_source import COLUMNS, SEED, rows


def test_the_seed_is_what_its_maker_makes() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    assert tuple(header) == COLUMNS
    assert [tuple(row) for row in found] == rows()


def test_codes_of_municipalities_shared_codes_and_counties() -> None:
    cities: dict[str, set[str]] = {}
    for code, _, city in rows():
        cities.setdefault(code, set()).add(city)
    assert cities["10"] == {"北京市"}
    assert cities["571"] == {"杭州市"}
    assert cities["731"] == {"长沙市", "株洲市", "湘潭市"}
    assert cities["728"] == {""}
    assert not {code for code in cities if code.startswith("13")}
