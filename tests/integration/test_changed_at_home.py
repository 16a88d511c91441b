"""A changed given name, birth date or number of one home: one person where nobody lives with anybody, two where families do."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from delivery_home import Home
from test_households import Rows, take_people
from test_identity_hard_input import build, read, words

CHANGED = 40


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def day(dice: random.Random) -> str:
    return f"19{dice.randint(40, 99)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def rows(*, with_families: bool) -> Rows:
    """300 people at home alone, twice each; of `CHANGED` of them another given name the second time, of as many another birth date."""
    dice, found = random.Random(11), []
    for n in range(300):
        row = {
            "given": words(dice).title(), "family": words(dice).title(), "birth": day(dice), "land": "GB",
            "street": f"{dice.randint(1, 99)} {words(dice).title()} Road", "town": f"{words(dice).title()}ton",
        }  # fmt: skip
        again = dict(row)
        if n < CHANGED:
            again["given"] = words(dice).title()
        elif n < 2 * CHANGED:
            again["birth"] = f"{int(row['birth'][:4]) - 37}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        found += [row | {"no": f"a{n}"}, again | {"no": f"b{n}"}]
        if with_families:
            found += [
                row | {"no": f"{who}{n}", "given": words(dice).title(), "birth": day(dice)} for who in "cde"
            ]
    return found


def changed_together(home: Home, tmp: Path, *, with_families: bool) -> tuple[int, int]:
    """How many of those with another given name, and with another birth date, are one customer."""
    take_people(home, "homes", rows(with_families=with_families))
    customer = {key: who for who, keys in build(home, tmp, "+resolved").items() for key in keys}
    same = [n for n in range(2 * CHANGED) if customer[f"a{n}"] == customer[f"b{n}"]]
    return sum(n < CHANGED for n in same), sum(n >= CHANGED for n in same)


def test_where_nobody_lives_together_a_changed_name_or_date_is_one_person(home: Home, tmp_path: Path) -> None:
    names, dates = changed_together(home, tmp_path, with_families=False)
    assert names >= 0.9 * CHANGED
    assert dates >= 0.9 * CHANGED
    told = read(home, "SELECT label FROM identity_match_model WHERE field = 'relief' AND weight >= 1")
    assert {label for (label,) in told} == {"twins", "fathers"}
    bound = read(
        home,
        "SELECT count(*) FROM identity_match_weights CROSS JOIN identity_match_model "
        "WHERE field = 'relief' AND label = 'twins' AND given_level = 0 AND birth_date_level = 7 AND match_weight > weight + 1e-6",
    )
    assert bound == [(0,)]


def test_where_families_live_together_they_are_two(home: Home, tmp_path: Path) -> None:
    names, dates = changed_together(home, tmp_path, with_families=True)
    assert names == 0
    assert dates == 0
