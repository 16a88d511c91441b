"""The part of a country behind a city is its province, not the city."""

from __future__ import annotations

import pytest

from pipelines.functions.address import standardise_address


@pytest.mark.parametrize(
    ("line", "country", "city", "province", "postcode"),
    [
        ("115 Oak Road, Edinburgh, Scotland EH2 9LJ", "GB", "edinburgh", "scotland", "EH29LJ"),
        ("59 Hill Street, Sheffield, England", "GB", "sheffield", None, None),
        (
            "41 Boulevard de la Gare, Bordeaux, Nouvelle-Aquitaine 33062",
            "FR",
            "bordeaux",
            "nouvelle aquitaine",
            "33062",
        ),
        ("Kantstr. 124, Stuttgart, Baden-Württemberg 70138", "DE", "stuttgart", "baden wurttemberg", "70138"),
        ("12 Elm Street, Springfield, Illinois 62701", "US", "springfield", "illinois", "62701"),
        ("12 Elm Street, Springfield, IL 62701", "US", "springfield", "il", "62701"),
        ("1 Main Street, Indiana, PA 15701", "US", "indiana", "pa", "15701"),
        ("5 Broadway, New York", "US", "new york", None, None),
        ("8 High Street, Leeds LS1 4AP", "GB", "leeds", None, "LS14AP"),
    ],
)
def test_a_region_is_no_city(
    line: str, country: str, city: str, province: str | None, postcode: str | None
) -> None:
    found = standardise_address(line, *[None] * 7, country, country)
    assert (found["city"], found["province"], found["postcode"]) == (city, province, postcode)
