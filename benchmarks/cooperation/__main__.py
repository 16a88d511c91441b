"""Measures overlaps with a partner: `python -m benchmarks.cooperation [--values N] [--people N | --home DEMO]`.

Exact: both sides of a session over N values each, half of them shared, one process, in seconds, beside openmined-psi. Alike: the
registrations of a demo as one house and its shop's customers as the other; encodings against what clear matching says of the same
records, and against the truth; precision and recall by threshold, beside clkhash with anonlink. The peers have an environment of their
own. Asserts nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from benchmarks.cooperation.peers import ask_peer
from benchmarks.demo_home import demo_home
from pipelines.cooperation.curve import blind, point_of
from pipelines.cooperation.encodings import Traits, encode, matches
from pipelines.demo.truth import read_truth
from pipelines.publishing.layout import DATABASE, builds_dir
from pipelines.publishing.version import current_manifest
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.keys import load_keys

LIKENESSES = (0.50, 0.55, 0.60, 0.63, 0.66, 0.70, 0.75, 0.80, 0.85)
_HOUSES = (("web_registrations", "member_club"), ("ecommerce_orders", "list_partner"))
_RECORDS = """
SELECT arg_min(records.record_id, records.record_id) AS record_id,
    any_value(trim(concat_ws(' ', coalesce(given_latin, given_name), coalesce(family_latin, family_name)))) AS name,
    max(strftime(records.birth_date, '%Y%m%d')) AS birth, max(right(records.phones[1], 8)) AS phone, xref.customer_id
FROM warehouse.standardise.std_records AS records
INNER JOIN warehouse.golden.customer_xref AS xref ON records.record_id = xref.record_id
WHERE records.source_system IN ({sources}) AND coalesce(family_latin, family_name) IS NOT NULL
GROUP BY xref.customer_id
ORDER BY record_id
"""


def main(words: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cooperation", description=__doc__)
    parser.add_argument("--values", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args(words)
    _exact(asked.values)
    with tempfile.TemporaryDirectory(prefix="ucv-cooperation-") as folder:
        home = asked.home or demo_home(Path(folder), asked.people)
        _alike(load_settings(home))
    return 0


def _exact(count: int) -> None:
    session, ours, theirs = b"benchmark", X25519PrivateKey.generate(), X25519PrivateKey.generate()
    began, busy = time.monotonic(), time.process_time()
    mine = blind([point_of(_value(place), session) for place in range(count)], ours)
    other = blind([point_of(_value(place + count // 2), session) for place in range(count)], theirs)
    shared = len(set(blind(mine, theirs)) & set(blind(other, ours)))
    wall, processor = time.monotonic() - began, time.process_time() - busy
    print(
        f"exact: {count:,} x {count:,} values, {shared:,} shared, {wall:.1f} s on one core ({processor:.1f} s of processor)"
    )
    sides = {"ours": [_value(place) for place in range(count)]}
    sides["theirs"] = [_value(place + count // 2) for place in range(count)]
    if told := ask_peer("exact", sides):
        print(
            f"exact, openmined-psi: {told['shared']:,} shared, {told['wall']:.1f} s ({told['processor']:.1f} s of processor)"
        )


def _value(place: int) -> str:
    return f"p{place}@x.example"


def _alike(settings: Settings) -> None:
    conn = _warehouse(settings)
    houses = [
        conn.execute(_RECORDS.format(sources=", ".join(f"'{one}'" for one in each))).fetchall()
        for each in _HOUSES
    ]
    truth = read_truth(settings.home)
    person = {f"{row.source_system}:{row.source_record_id}": row.person_id for row in truth.itertuples()}
    ours, theirs = houses
    began = time.monotonic()
    left, right = (
        encode([Traits(row[1], row[2] or "", row[3] or "") for row in house], b"k" * 32) for house in houses
    )
    print(f"alike: {len(ours):,} and {len(theirs):,} people encoded in {time.monotonic() - began:.1f} s")
    clear = {row[4] for row in ours} & {row[4] for row in theirs}
    same = {person.get(row[0]) for row in ours} & {person.get(row[0]) for row in theirs} - {None}
    print(f"{len(clear):,} shared by clear matching, {len(same):,} in truth")
    print("likeness  found  precision  recall   (clear matching)   precision  recall   (truth)")
    peer = ask_peer("alike", {"ours": _texts(ours), "theirs": _texts(theirs), "likenesses": LIKENESSES}) or {}
    for name, found in (
        ("ours", {likeness: matches(left, right, likeness) for likeness in LIKENESSES}),
        ("clkhash and anonlink", {float(likeness): pairs for likeness, pairs in peer.items()}),
    ):
        print(name)
        for likeness, pairs in found.items():
            by_clear = sum(ours[one][4] == theirs[two][4] for one, two in pairs)
            by_truth = sum(person.get(ours[one][0]) == person.get(theirs[two][0]) for one, two in pairs)
            count = max(1, len(pairs))
            print(
                f"{likeness:8.2f} {len(pairs):6,} {by_clear / count:10.4f} {by_clear / max(1, len(clear)):7.4f} "
                f"{by_truth / count:29.4f} {by_truth / max(1, len(same)):7.4f}"
            )


def _texts(house: list[tuple[str, ...]]) -> list[list[str]]:
    """Name, birth date and number of each person, as the peer takes them."""
    return [[row[1], row[2] or "", row[3] or ""] for row in house]


def _warehouse(settings: Settings) -> duckdb.DuckDBPyConnection:
    manifest = current_manifest(settings.home)
    assert manifest is not None
    keys = load_keys(settings)
    conn = open_connection(settings, keys)
    attach_database(conn, builds_dir(settings.home) / manifest.build_id / DATABASE, keys)
    return conn


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
