"""The same records in another order, in other files and other deliveries are the same customers."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime
from pathlib import Path

import pytest
from delivery_home import Home
from test_identity_hard_input import COLUMNS, MORE, SHARED, build, hard_rows, words

Row = dict[str, str]


def rows() -> list[Row]:
    """Hard rows, and people whose records differ by slips: which of them meet is a matter of evidence, not of luck."""
    dice = random.Random(23)
    found = hard_rows()
    for n in range(40):
        family, given = words(dice), words(dice)
        born, mail = (
            f"19{dice.randint(40, 99)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}",
            f"{given}@{family}.org",
        )
        for turn in range(4):
            name = f"{given} {family}" if turn % 2 else f"{family} {given[:-1]}"
            row = {
                "no": f"slip{n}-{turn}",
                "姓名": name.title(),
                "birth": born if turn else "",
                "mail": mail if turn > 1 else "",
            }
            found.append({**row, "city": "Leeds" if turn else "Hull"})
    return found  # fmt: skip


def as_csv(some: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"time": "2026-01-01", **row} for row in some)
    return text.getvalue()


def customers(
    root: Path, deliveries: list[list[Row]], monkeypatch: pytest.MonkeyPatch
) -> set[frozenset[str]]:
    """Keys of the records of each customer, after these deliveries came one by one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(root / "config"))
    home = Home(root / "home")
    contract = home.source("people", more=MORE)
    for number, delivered in enumerate(deliveries):
        (home.landing("people") / f"{number}.csv").write_text(as_csv(delivered), "utf-8")
        home.take(contract, datetime(2026, 1, 2 + number))
    return {frozenset(keys) for keys in build(home, root, "+resolved", warned=SHARED).values()}


def test_order_files_and_deliveries_do_not_change_who_is_who(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rows()
    mixed = random.Random(3).sample(found, len(found))
    third = len(mixed) // 3
    at_once = customers(tmp_path / "one", [found], monkeypatch)
    bit_by_bit = customers(
        tmp_path / "three", [mixed[2 * third :], mixed[:third], mixed[third : 2 * third]], monkeypatch
    )
    assert bit_by_bit == at_once
    assert any(len({key for key in keys if key.startswith("slip")}) > 1 for keys in at_once)
