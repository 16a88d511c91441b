"""A night with new rows takes over what it knows of pairs of old profiles, and publishes what a build from nothing would."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from published_build import build_of, warehouse
from small_night import (
    CLUB,
    TILL,
    club_rows,
    csv_text,
    deliver,
    hashes,
    make_home,
    night,
    person,
    surroundings,
    till_rows,
)

from pipelines.publishing.kept_build import is_kept
from pipelines.settings import Settings

pytestmark = pytest.mark.long

FIRST, NEXT = date(2026, 11, 1), date(2026, 11, 2)
NUMBERS = {"phone": "13900995678", "email": "anna99@mail.example.cn"}
CLUB_NEWS = [
    # somebody of a known name, somebody known under another address, somebody known who moved to another mailbox
    {**person(3), **NUMBERS, "source_record_id": "c-new", "registered_at": "2026-10-30 08:00:00"},
    {**person(7), "email": "other7@mail.example.cn", "source_record_id": "c-again", "registered_at": "2026-10-30 08:00:00"},
    {**club_rows()[5], "email": "moved5@mail.example.cn", "registered_at": "2026-10-30 08:00:00"},
]  # fmt: skip
SPLITS = ((("club", "till"),), (("till",), ("club",)))
"""Ways to spread the same deliveries over nights."""
TILL_NEWS = [
    {**till_rows()[2], "source_record_id": "t-new", "transaction_id": "t-new", "full_name": "Annac Lind"}
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home after its first night, and a copy of it as `before`."""
    folder = tmp_path_factory.mktemp("kept_pairs")
    with surroundings(folder):
        settings = make_home(folder / "home")
        assert night(settings, as_of=FIRST)[0].success
        shutil.copytree(settings.home, folder / "before", symlinks=True)
        yield settings


def go_back(settings: Settings) -> None:
    """To the day after the first night."""
    shutil.rmtree(settings.home)
    shutil.copytree(settings.home.parent / "before", settings.home, symlinks=True)


@pytest.fixture(autouse=True)
def after_the_first_night(home: Settings) -> None:
    go_back(home)


def rows(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with warehouse(settings) as conn:
        return conn.execute(sql).fetchall()


def live(settings: Settings, *sources: str, full_refresh: bool = False) -> None:
    """The next night, with news of these sources."""
    fields, news = {"club": CLUB, "till": TILL}, {"club": CLUB_NEWS, "till": TILL_NEWS}
    for source in sources:
        deliver(settings.home, source, "second.csv", csv_text(fields[source], news[source]))
    outcome, told = night(settings, as_of=NEXT, full_refresh=full_refresh)
    assert outcome.success, told
    assert is_kept(build_of(settings)) is not full_refresh


IDENTITY = ("identity_comparisons", "identity_match_weights", "identity_clusters")


def identity_of(settings: Settings) -> list[list[tuple[Any, ...]]]:
    return [rows(settings, f"SELECT * FROM warehouse.identity.{table} ORDER BY ALL") for table in IDENTITY]


def test_however_deliveries_are_spread_over_nights_one_build_from_nothing_says_the_same(
    home: Settings,
) -> None:
    found = []
    for split in SPLITS:
        go_back(home)
        for sources in split:
            live(home, *sources)
        found.append(identity_of(home))
        if len(split) == 1:
            kept = hashes(home)
            counts = "SELECT count(*) FILTER (is_new), count(*) FROM warehouse.identity.identity_profiles"
            renewed, profiles = rows(home, counts)[0]
            assert 0 < renewed < profiles / 2
    go_back(home)
    live(home, "club", "till", full_refresh=True)
    assert kept == hashes(home)
    assert all(identity == identity_of(home) for identity in found)


def test_levels_and_keys_of_profiles_that_read_as_before_are_taken_over_and_no_others(home: Settings) -> None:
    with warehouse(home) as conn:
        conn.execute("UPDATE warehouse.identity.identity_comparisons SET middle_level = 77")
        conn.execute("UPDATE warehouse.identity.identity_blocking_keys SET rule = 'marked'")
        # as if other records had turned a name round: the number stays, what is compared does not
        turned = conn.execute(
            "SELECT min(profile_a) FROM warehouse.identity.identity_comparisons"
        ).fetchall()[0]
        conn.execute(
            "UPDATE warehouse.identity.identity_profiles SET content = 0 WHERE profile_no = ?", turned
        )
    live(home, "club", "till")
    profiles = "warehouse.identity.identity_profiles"
    pairs = rows(
        home,
        "SELECT coalesce(middle_level = 77, false), a.is_new OR b.is_new FROM warehouse.identity.identity_comparisons "
        f"JOIN {profiles} AS a ON profile_a = a.profile_no JOIN {profiles} AS b ON profile_b = b.profile_no",
    )
    keys = rows(
        home,
        f"SELECT rule = 'marked', is_new FROM warehouse.identity.identity_blocking_keys JOIN {profiles} USING (profile_no)",
    )
    assert set(pairs) == set(keys) == {(True, False), (False, True)}
    assert rows(home, f"SELECT is_new FROM {profiles} WHERE profile_no = {turned[0]}") == [(True,)]


def test_counts_of_old_pairs_are_those_of_tonight(home: Settings) -> None:
    counted = "SELECT max(given_count), sum(phone_strangers) FROM warehouse.identity.identity_comparisons"
    with warehouse(home) as conn:
        conn.execute(
            "UPDATE warehouse.identity.identity_comparisons SET given_count = 999, phone_strangers = 999"
        )
    live(home, "till")
    most, strangers = rows(home, counted)[0]
    assert most < 999
    assert strangers is None or strangers < 999
