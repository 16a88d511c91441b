"""People of one house through the nightly identity models: training stays sound, and they stay apart from one another."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from delivery_home import Home
from test_identity_hard_input import build, read

from pipelines.demo.dice import Dice
from pipelines.demo.households import make_households
from pipelines.demo.people import World
from pipelines.demo.person import Person

COLUMNS = ("no", "姓名", "手机", "time", "birth", "mail", "street", "town", "post", "family", "given", "land")
MORE = """\
      - {name: birth_date, physicalName: birth, logicalType: date}
      - {name: email, physicalName: mail, logicalType: string, classification: pii}
      - {name: address, physicalName: street, logicalType: string}
      - {name: city, physicalName: town, logicalType: string}
      - {name: postcode, physicalName: post, logicalType: string}
      - {name: family_name, physicalName: family, logicalType: string}
      - {name: given_name, physicalName: given, logicalType: string}
      - {name: country, physicalName: land, logicalType: string}
"""
PEOPLE = 2_000
SHARED, WITH_BIRTH_DATE, TWICE = 0.7, 0.8, 0.15
Rows = list[dict[str, str]]

HOME = {
    "手机": "+44 7400 654321",
    "mail": "house@larkhill.org",
    "street": "7 Elm Row",
    "town": "Leeds",
    "post": "LS1 1AA",
}
FIRM = {"手机": "13912345678", "mail": "zhang@larkhill.cn", "street": "解放路12号", "town": "南京市"}
ELDER, YOUNGER, ONE = "elder", "younger", "one"
PLANTED = {  # no of the record -> its values; what stands before _ says who it is
    f"{ELDER}_a": {"family": "Winterbourne Sr.", "given": "Ambrose", "land": "GB", **HOME},
    f"{YOUNGER}_a": {"family": "Winterbourne Jr.", "given": "Ambrose", "land": "GB", **HOME},
    f"{YOUNGER}_b": {"family": "Winterbourne", "given": "Ambrose, Jr", "land": "GB", **HOME, "mail": "aw@north.org"},
    f"{ELDER}_c": {"姓名": "张树槐（大）", "land": "CN", **FIRM},
    f"{YOUNGER}_c": {"姓名": "张树槐（小）", "land": "CN", **FIRM},
    f"{ONE}_d": {"family": "Hollowell III", "given": "Lucian", "birth": "1961-04-09", "land": "GB", "mail": "lh@west.org"},
    f"{ONE}_e": {"family": "Hollowell", "given": "Lucian", "birth": "1961-04-09", "land": "GB", "mail": "lh@west.org"},
}  # fmt: skip


def houses() -> Iterator[list[Person]]:
    """Families of two and more, until there are `PEOPLE`."""
    world = World(3, date(2026, 11, 1), 4711)
    for block in range(PEOPLE // 250):
        members = defaultdict(list)
        for person in make_households(block * 500, 500, world, Dice("people", world.seed, block)):
            members[person.stays[0].home.key].append(person)
        yield from (family for family in members.values() if len(family) > 1)


def household_rows() -> Rows:
    """One record of each person, two of some: number and mailbox are mostly those of the house."""
    dice = random.Random(3)
    rows = []
    for family in houses():
        shared = {"手机": first_number(family), "mail": first_mailbox(family)}
        for person in family:
            own = {"手机": first_number([person]), "mail": first_mailbox([person])}
            for turn in range(2 if dice.random() < TWICE else 1):
                row = plain_row(person) | {"no": f"{person.id}_{turn}"}
                row |= {name: shared[name] if dice.random() < SHARED else own[name] for name in own}
                rows.append(row | {"birth": row["birth"] if dice.random() < WITH_BIRTH_DATE else ""})
    return rows


def plain_row(person: Person) -> dict[str, str]:
    home = person.stays[0].home
    is_chinese = person.country == "CN"
    line = f"{home.street}{home.number}{home.unit}" if is_chinese else f"{home.number} {home.street}"
    return {
        "family": person.family, "given": person.given, "land": person.country, "birth": person.birth.isoformat(),
        "street": line, "town": home.city, "post": home.postcode,
    }  # fmt: skip


def first_number(people: list[Person]) -> str:
    return next((person.phones[0].number for person in people if person.phones), "")


def first_mailbox(people: list[Person]) -> str:
    return next((person.emails[0] for person in people if person.emails), "")


def take_people(home: Home, source: str, rows: Rows) -> None:
    """Deliver rows of `COLUMNS` to a new source and take them; a column that a row lacks stays empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"time": "2026-01-01", **row} for row in rows)
    home.take(home.source(source, {"a.csv": text.getvalue()}, more=MORE))


def pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_couples_siblings_and_generations_stay_apart_and_training_stays_sound(
    home: Home, tmp_path: Path
) -> None:
    household = household_rows()
    take_people(home, "houses", household + [{"no": no, **row} for no, row in PLANTED.items()])
    clusters = build(home, tmp_path, "+resolved")

    model = read(
        home,
        "SELECT field || ' ' || label, weight, log2(m_default / u_default) FROM identity_match_model "
        "JOIN identity_match_levels USING (field, level, label) WHERE model_id = 'trained'",
    )
    found = {name: (float(bits), float(shipped)) for name, bits, shipped in model}
    for name in ("given different", "birth_date far", "birth_date different", "family different"):
        bits, shipped = found[name]
        # Half is what holds whatever is counted; what is learned from households of which nobody is known is not the bound.
        assert bits < shipped * 0.8, name
    assert found["email same"][0] >= found["email similar"][0] - 1e-9

    people: dict[str, set[str]] = defaultdict(set)
    for row in household:
        people[row["no"].partition("_")[0]].add(row["no"])
    true = pairs(people.values())
    together = pairs(keys - set(PLANTED) for keys in clusters.values())
    assert max(len(keys) for keys in clusters.values()) < 10
    assert len(true & together) > 0.97 * len(true)
    # Twins called Olivia and Oliver, and fathers and sons of one name and no birth date, are the third issue.
    assert len(together - true) < 0.06 * len(together)

    customer = {key: customer_id for customer_id, keys in clusters.items() for key in keys}
    assert customer[f"{ELDER}_a"] not in (customer[f"{YOUNGER}_a"], customer[f"{YOUNGER}_b"])
    assert customer[f"{YOUNGER}_a"] == customer[f"{YOUNGER}_b"]
    assert customer[f"{ELDER}_c"] != customer[f"{YOUNGER}_c"]
    assert customer[f"{ONE}_d"] == customer[f"{ONE}_e"]
