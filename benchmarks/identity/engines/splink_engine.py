"""Splink on one data set, settings of its own tutorials, of more_sets.py or generated_sets.py: run inside the environment that peers.py makes for it.

`python splink_engine.py NAME FILE.parquet OUT`: OUT.csv gets source_record_id, customer_id; OUT.json what was measured.
The column `person` of the file is the truth; only the count of true pairs compared looks at it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import splink
import splink.comparison_library as cl
from generated_sets import GENERATED
from more_sets import MORE_SETS
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

CLUSTER_AT = 0.95

SETS: dict[str, dict[str, Any]] = {
    "fake_1000": {
        "id": "unique_id",
        "comparisons": [
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("dob", 1),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        "blocking": [
            block_on("first_name"),
            block_on("surname"),
            block_on("dob"),
            block_on("email"),
        ],
        "deterministic": [
            block_on("first_name", "dob"),
            "l.email = r.email and levenshtein(r.surname, l.surname) <= 2",
            block_on("email"),
        ],
        "recall": 0.7,
        "max_pairs": 1e6,
        "training": [block_on("first_name", "surname"), block_on("dob")],
    },
    "febrl_dataset3": {
        "id": "rec_id",
        "comparisons": [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        "blocking": [
            block_on(column)
            for column in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        "deterministic": [
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        "recall": 0.9,
        "max_pairs": 1e6,
        "training": [block_on("date_of_birth"), block_on("postcode")],
    },
    "historical_figures": {
        "id": "unique_id",
        "extra": "first_name || ' ' || surname as first_name_surname_concat",
        "comparisons": [
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        "blocking": [
            block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake, 1, 3)", "dob"),
            block_on("substr(postcode_fake, 1, 3)", "first_name"),
            block_on("substr(postcode_fake, 1, 3)", "surname"),
            block_on("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
        ],
        "deterministic": [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name, 1, 2)", "surname", "substr(postcode_fake, 1, 2)"),
            block_on("dob", "postcode_fake"),
        ],
        "recall": 0.6,
        "max_pairs": 1e7,
        "training": [block_on("first_name", "surname"), block_on("dob")],
    },
}
_SPEED_RULES = [
    block_on(*columns)
    for columns in (
        ("phone",),
        ("email",),
        ("first_name", "surname", "dob"),
        ("surname", "dob"),
        ("first_name", "dob", "city"),
        ("first_name", "surname", "postcode"),
    )
]
_SPEED: dict[str, Any] = {
    "id": "unique_id",
    "comparisons": [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        cl.EmailComparison("email"),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ],
    "blocking": _SPEED_RULES,
    "deterministic": [block_on("first_name", "surname", "dob"), block_on("email")],
    "recall": 0.8,
    "max_pairs": 1e6,
    "training": [block_on("first_name", "surname"), block_on("dob")],
}
FEBRL = SETS["febrl_dataset3"]
SETS["febrl_dataset1"] = SETS["febrl_dataset2"] = FEBRL
# Splink's tutorial of this set links two tables that it knows to be free of duplicates; ours is not told that.
SETS["febrl_dataset4"] = {**FEBRL, "link": True}
SETS.update(MORE_SETS, **GENERATED)
SETS["speed_tight"] = _SPEED
SETS["speed_wide"] = {**_SPEED, "blocking": [*_SPEED_RULES, block_on("surname", "city")]}


def main(name: str, file: str, out: str) -> None:
    """Train, predict and cluster; whatever columns explain a score are kept, as ours are."""
    chosen = SETS[name]
    conn = duckdb.connect()
    conn.execute("SET threads = 2")
    extra = f", {chosen['extra']}" if "extra" in chosen else ""
    conn.execute(f"CREATE TABLE data AS SELECT *{extra} FROM read_parquet('{file}')")
    linker = _linker(conn, chosen)
    training = linker.training
    training.estimate_probability_two_random_records_match(chosen["deterministic"], recall=chosen["recall"])
    training.estimate_u_using_random_sampling(max_pairs=chosen["max_pairs"], seed=1)
    for rule in chosen["training"]:
        training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, CLUSTER_AT)
    count = "SELECT count(*), count(*) FILTER (WHERE person_l = person_r) FROM {}"
    pairs, found = conn.execute(count.format(scored.physical_name)).fetchone() or (0, 0)
    conn.execute(
        f"COPY (SELECT {chosen['id']} AS source_record_id, cluster_id AS customer_id FROM {clusters.physical_name}) "
        f"TO '{out}.csv' (HEADER)"
    )
    told = {"version": splink.__version__, "pairs": pairs, "true_pairs_compared": found}
    Path(f"{out}.json").write_text(json.dumps(told), encoding="utf-8")


def _linker(conn: duckdb.DuckDBPyConnection, chosen: dict[str, Any]) -> Linker:
    """Over one table to find duplicates in, or with `link` over one table a source."""
    api = DuckDBAPI(connection=conn)
    settings = SettingsCreator(
        link_type="link_only" if chosen.get("link") else "dedupe_only",
        unique_id_column_name=chosen["id"],
        comparisons=chosen["comparisons"],
        blocking_rules_to_generate_predictions=chosen["blocking"],
        retain_intermediate_calculation_columns=True,
        additional_columns_to_retain=["person"],
    )
    if not chosen.get("link"):
        return Linker(api.register("data"), settings, log_level=None)
    sources = conn.execute("SELECT DISTINCT source FROM data ORDER BY source").fetchall()
    tables = []
    for (source,) in sources:
        conn.execute(
            f"CREATE TABLE {source} AS SELECT * EXCLUDE (source) FROM data WHERE source = '{source}'"
        )
        tables.append(api.register(source, dataset_display_name=source))
    return Linker(tables, settings, log_level=None)


if __name__ == "__main__":
    main(*sys.argv[1:4])
