"""Hard input through the nightly identity models: it finishes, merges nothing on nothing, and steward verdicts always win."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from delivery_home import Home
from test_dbt_unit_tests import run_dbt

from pipelines.identity.verdicts import CANNOT_LINK, MUST_LINK, record_verdicts
from pipelines.storage.connection import connect
from pipelines.warehouse import prepare_warehouse

COLUMNS = ("no", "姓名", "手机", "time", "birth", "mail", "city")
MORE = """\
      - {name: birth_date, physicalName: birth, logicalType: date}
      - {name: email, physicalName: mail, logicalType: string, classification: pii}
      - {name: city, physicalName: city, logicalType: string}
customProperties:
  - {property: defaultCountry, value: GB}
"""
ONE_PHONE = "+44 7400 123456"
PHONE_OF_FEW_NAMES = "+44 7400 654321"
SHARED = frozenset({"assert_values_seldom_shared"})
"""What warns where people of so many names have one phone: the night goes on, and its report says it."""
ALIKE = {
    "姓名": "Margaret Holloway",
    "birth": "1975-03-09",
    "mail": "m.holloway@harbour.org",
    "city": "Leeds",
}


def words(dice: random.Random) -> str:
    return "".join(dice.choices(("ba", "ko", "mi", "ran", "tel", "sor", "vin", "del", "har", "gus"), k=4))


def hard_rows() -> list[dict[str, str]]:
    dice = random.Random(5)
    rows = [{"no": f"empty{n}"} for n in range(30)]
    rows += [{"no": f"city{n}", "city": "London"} for n in range(30)]
    rows += [{"no": f"date{n}", "birth": "1970-01-01"} for n in range(30)]
    rows += [{"no": f"same{n}", **ALIKE} for n in range(20)]
    for n in range(150):
        born = f"19{dice.randint(40, 99)}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}"
        name = f"{words(dice)} {words(dice)}".title()
        rows.append({"no": f"phone{n}", "姓名": name, "手机": ONE_PHONE, "birth": born})
    rows += [{"no": f"letter{n}", "姓名": letter} for n, letter in enumerate("abcdefgh王李")]
    rows += [{"no": f"long{n}", "姓名": f"{words(dice)} " + words(dice) * 60} for n in range(3)]
    scripts = ("محمد عبد الله", "דוד כהן", "Иван Петров", "王 Smith", "محمد Smith", "Ωmega Παπάς")
    rows += [{"no": f"script{n}", "姓名": name} for n, name in enumerate(scripts)]
    for n, born in enumerate(("2025-02-30", "0000-00-00", "yesterday")):
        rows.append({"no": f"baddate{n}", "姓名": f"{words(dice)} {words(dice)}", "birth": born})
    rows += [
        {"no": "far1", "姓名": "Oluwaseun Adebayo", "birth": "1950-05-05", "mail": "olu@north.org", "city": "Hull"},
        {"no": "far2", "姓名": "Tamsin Pellow", "birth": "1999-12-24", "mail": "tp@south.org", "city": "Penzance"},
    ]  # fmt: skip
    return rows


def of_few_names() -> list[dict[str, str]]:
    """One phone of 120 people who have 15 names among them."""
    dice = random.Random(11)
    names = [f"{words(dice)} {words(dice)}".title() for _ in range(15)]
    born = [f"19{40 + n % 60}-0{1 + n // 60}-1{n % 10}" for n in range(120)]
    return [
        {"no": f"few{n}", "姓名": names[n % 15], "手机": PHONE_OF_FEW_NAMES, "birth": born[n]}
        for n in range(120)
    ]


def build(home: Home, tmp: Path, *selected: str, warned: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Customers with the keys of their records, after a build of the selected models with their tests; `warned` warn."""
    command = (
        "build",
        "--exclude-resource-type",
        "unit_test",
        "--indirect-selection",
        "cautious",
        "--select",
    )
    run_dbt(home.root, tmp / "target", *command, *selected, warned=warned)
    with_customer = read(home, "SELECT customer_id, source_record_id FROM resolved JOIN identity_records USING (record_id)")  # fmt: skip
    clusters: dict[str, set[str]] = defaultdict(set)
    for customer_id, key in with_customer:
        clusters[customer_id].add(key)
    return clusters


def read(home: Home, sql: str) -> list[tuple[str, ...]]:
    conn = connect(home.settings)
    try:
        path = home.root / "warehouse" / "unit" / "warehouse.duckdb"
        prepare_warehouse(conn, home.settings, home.keys, path)
        conn.execute("USE warehouse.identity")
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def is_apart(clusters: dict[str, set[str]], prefix: str) -> bool:
    """No two records with this prefix are one customer."""
    return all(sum(key.startswith(prefix) for key in keys) <= 1 for keys in clusters.values())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_hard_input_merges_nothing_on_nothing_and_verdicts_win(home: Home, tmp_path: Path) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"time": "2026-01-01", **row} for row in [*hard_rows(), *of_few_names()])
    home.take(home.source("hard", {"a.csv": text.getvalue()}, more=MORE))
    wanted = ("+resolved", "+identity_guarded", "unidentified_records", "identity_hot_keys")
    clusters = build(home, tmp_path, *wanted, warned=SHARED)

    unidentified = {key for (key,) in read(home, "SELECT source_record_id FROM unidentified_records")}
    assert {f"{kind}{n}" for kind in ("empty", "city", "date") for n in range(30)} <= unidentified
    assert {f"same{n}" for n in range(20)} in clusters.values()
    assert is_apart(clusters, "phone")
    assert is_apart(clusters, "letter")
    assert is_apart(clusters, "script")
    assert is_apart(clusters, "far")
    # a phone of so many names is junk and no key at all; of a few names it is one, and which is told to whoever may open the file
    junk = read(home, "SELECT field, value, record_count FROM warehouse.standardise.std_frequent_values")
    assert junk == [("phone", ONE_PHONE.replace(" ", ""), 150)]
    hot = read(home, "SELECT rule, key_value FROM identity_hot_keys WHERE rule = 'phone'")
    assert hot == [("phone", PHONE_OF_FEW_NAMES.replace(" ", ""))]

    token = home.keys.tokeniser()
    record_verdicts(home.root, MUST_LINK, [(token("hard:far1"), token("hard:far2"))], date(2026, 1, 2))
    record_verdicts(home.root, CANNOT_LINK, [(token("hard:same3"), token("hard:same4"))], date(2026, 1, 2))
    judged = build(home, tmp_path, "identity_records+,+resolved", "identity_records+,+identity_guarded")
    assert {"far1", "far2"} in judged.values()
    assert not any({"same3", "same4"} <= keys for keys in judged.values())
    largest = max(len([key for key in keys if key.startswith("same")]) for keys in judged.values())
    assert largest == 19
    guards = read(home, "SELECT guard FROM identity_guarded WHERE guard = 'cannot_link'")
    assert guards == [("cannot_link",)]
