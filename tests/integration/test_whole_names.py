"""What a whole name says alone: by its words, how many strangers could bear it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from delivery_home import Home
from test_households import take_people
from test_identity_hard_input import build, words

TOWNS = ("Leeds", "Exeter", "York", "Bath")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_three_rare_words_are_one_person_who_moved_and_three_common_ones_need_not_be(
    home: Home, tmp_path: Path
) -> None:
    dice = random.Random(5)
    common = [[f"{words(dice).title()}" for _ in range(6)] for _ in range(3)]
    people = [" ".join(dice.choice(part) for part in common) for _ in range(600)]
    rows = [
        {"姓名": name, "land": "GB", "town": dice.choice(TOWNS), "no": f"c{n}"}
        for n, name in enumerate(people)
    ]
    for n in range(20):
        rare = " ".join(words(dice).title() for _ in range(3))
        rows += [
            {"姓名": rare, "land": "GB", "town": town, "no": f"{turn}{n}"}
            for turn, town in zip("ab", TOWNS, strict=False)
        ]
    take_people(home, "names", rows)
    customers = build(home, tmp_path, "+resolved").values()
    assert sum({f"a{n}", f"b{n}"} <= keys for keys in customers for n in range(20)) == 20
    towns = {row["no"]: row["town"] for row in rows}
    merged = [keys for keys in customers if len({towns[key] for key in keys if key[0] == "c"}) > 1]
    assert not merged
