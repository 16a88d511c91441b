"""Settings of Splink for sets that it has no tutorial of: ours, written as somebody who knows Splink and the data would."""

from __future__ import annotations

from typing import Any

import splink.comparison_library as cl
from splink import block_on

_PEOPLE: dict[str, Any] = {
    "id": "unique_id",
    # two sources write a date as 01/31/2020 and as 01312020, a wage slip has none
    "extra": "regexp_replace(date_of_birth, '[^0-9]', '', 'g') AS dob, street_number || ' ' || street_name AS dwelling",
    "comparisons": [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.ExactMatch("middle_initial").configure(term_frequency_adjustments=True),
        cl.NameComparison("last_name").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("dob", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
        cl.JaroWinklerAtThresholds("dwelling", [0.92]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
    ],
    "blocking": [
        block_on("ssn"),
        block_on("first_name", "last_name"),
        block_on("last_name", "dwelling"),
        block_on("first_name", "dwelling"),
        block_on("dob", "last_name"),
        block_on("dob", "first_name"),
        block_on("substr(first_name, 1, 3)", "substr(last_name, 1, 3)", "middle_initial"),
        block_on("dwelling", "dob"),
    ],
    "deterministic": [
        block_on("ssn"),
        block_on("first_name", "last_name", "dob"),
        block_on("first_name", "last_name", "middle_initial", "dwelling"),
    ],
    "recall": 0.8,
    "max_pairs": 1e7,
    # never by dwelling or birth date alone: among these pairs the model would learn what a family and what twins are
    "training": [
        block_on("first_name", "last_name"),
        block_on("ssn"),
        block_on("first_name", "middle_initial", "dwelling"),
    ],
}

_INVENTORS: dict[str, Any] = {
    "id": "mention_id",
    "extra": "string_split(coinventors, '; ') AS others, string_split(classes, '; ') AS topics, "
    "lower(split_part(name_first, ' ', 1)) AS forename, lower(name_last) AS family",
    "comparisons": [
        cl.NameComparison("forename").configure(term_frequency_adjustments=True),
        cl.NameComparison("family").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("city", [0.9]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("state").configure(term_frequency_adjustments=True),
        cl.ExactMatch("country").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("assignee", [0.92]).configure(term_frequency_adjustments=True),
        # an inventor's own family name is among those of the patent, so that one in common says little and two much
        cl.ArrayIntersectAtSizes("others", [3, 2]),
        cl.ArrayIntersectAtSizes("topics", [3, 2, 1]),
    ],
    "blocking": [
        block_on("family", "substr(forename, 1, 1)"),
        block_on("forename", "city", "assignee"),
        block_on("substr(family, 1, 4)", "substr(forename, 1, 3)"),
    ],
    "deterministic": [
        block_on("forename", "family", "city"),
        block_on("forename", "family", "assignee"),
    ],
    "recall": 0.7,
    "max_pairs": 1e7,
    "training": [block_on("forename", "family"), block_on("city", "assignee")],
}

_NAMES_AND_DATES: dict[str, Any] = {
    "id": "record_id",
    "comparisons": [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=True),
    ],
    "blocking": [
        block_on("first_name", "surname"),
        block_on("dob"),
        block_on("surname", "substr(dob, 1, 4)"),
        block_on("first_name", "substr(dob, 1, 4)"),
        block_on("first_name", "substr(dob, 6, 5)"),
        block_on("surname", "substr(dob, 6, 5)"),
    ],
    "deterministic": [
        "l.first_name = r.first_name and l.surname = r.surname and levenshtein(l.dob, r.dob) <= 1",
        block_on("first_name", "dob"),
        block_on("surname", "dob"),
    ],
    "recall": 0.9,
    "max_pairs": 1e7,
    "training": [block_on("first_name", "surname"), block_on("dob")],
}

MORE_SETS = {"pseudopeople": _PEOPLE, "inventors": _INVENTORS, "rldata10000": _NAMES_AND_DATES}
