"""Settings of Splink for the generated sets: ours, written as somebody who knows Splink and the data would; columns cleaned in SQL first."""

from __future__ import annotations

from typing import Any

import splink.comparison_library as cl
from splink import block_on

_PARTS = (
    "list_filter(string_split(regexp_replace(lower({0}), '[^a-z ]', ' ', 'g'), ' '), "
    "lambda w: length(w) > 1 and w not in ('mr', 'mrs', 'ms', 'dr', 'master', 'miss', 'jr', 'sr'))"
)
_DIGITS = "nullif(right(regexp_replace({0}, '[^0-9]', '', 'g'), {1}), '')"


def _parts(column: str) -> str:
    return _PARTS.format(column)


_FAMILIES: dict[str, Any] = {
    "id": "record_id",
    "extra": f"{_parts('name')}[1] AS forename, {_parts('name')}[-1] AS family, "
    f"try_strptime(date_of_birth, '%d/%m/%Y')::date::text AS dob, {_DIGITS.format('phone', 10)} AS number, "
    "lower(email) AS mail, lower(regexp_replace(address, '[^A-Za-z0-9]', '', 'g')) AS line",
    "comparisons": [
        cl.NameComparison("forename").configure(term_frequency_adjustments=True),
        cl.NameComparison("family").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("gender"),
        cl.DamerauLevenshteinAtThresholds("number", [1]),
        cl.EmailComparison("mail"),
        cl.JaroWinklerAtThresholds("line", [0.92]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ],
    "blocking": [
        block_on("forename", "family"),
        block_on("dob"),
        block_on("number"),
        block_on("mail"),
        block_on("line", "forename"),
        block_on("postcode", "forename"),
        block_on("family", "postcode"),
    ],
    "deterministic": [block_on("forename", "family", "dob"), block_on("forename", "family", "mail")],
    "recall": 0.7,
    "max_pairs": 1e7,
    "training": [block_on("forename", "family"), block_on("dob", "forename")],
}

_HOUSEHOLDS: dict[str, Any] = {
    "id": "record_id",
    "extra": "lower(first_name) AS forename, lower(last_name) AS family, "
    "coalesce(date_of_birth, try_strptime(birth, '%m/%d/%Y')::date::text) AS dob, lower(left(coalesce(middle_name, middle_initial), 1)) AS middle, "
    "lower(house_number || split_part(street, ' ', 1)) AS dwelling, lower(city) AS town",
    "comparisons": [
        cl.NameComparison("forename").configure(term_frequency_adjustments=True),
        cl.NameComparison("family").configure(term_frequency_adjustments=True),
        cl.ExactMatch("middle").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("sex"),
        cl.JaroWinklerAtThresholds("dwelling", [0.92]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("town").configure(term_frequency_adjustments=True),
        cl.ExactMatch("zip").configure(term_frequency_adjustments=True),
    ],
    "blocking": [
        block_on("forename", "family"),
        block_on("dob", "family"),
        block_on("dob", "forename"),
        block_on("dwelling", "forename"),
        block_on("dwelling", "family", "sex"),
        block_on("zip", "forename"),
        block_on("dob", "zip"),
    ],
    "deterministic": [
        block_on("forename", "family", "dob"),
        block_on("forename", "family", "dwelling"),
    ],
    "recall": 0.8,
    "max_pairs": 1e7,
    # never by dwelling alone: among these pairs the model would learn what a family is
    "training": [block_on("forename", "family"), block_on("dob", "family")],
}

_ORGANISATIONS: dict[str, Any] = {
    "id": "record_id",
    "extra": "lower(regexp_replace(name, '[^[:alnum:] ]', '', 'g')) AS firm, lower(split_part(name, ' ', 1)) AS first_word, "
    f"{_DIGITS.format('phone', 7)} AS number, lower(coalesce(split_part(email, '@', 2), website)) AS host, "
    "lower(regexp_replace(address, '[^[:alnum:]]', '', 'g')) AS line, lower(city) AS town",
    "comparisons": [
        cl.JaroWinklerAtThresholds("firm", [0.95, 0.88, 0.75]).configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("line", [0.95, 0.85]).configure(term_frequency_adjustments=True),
        cl.ExactMatch("number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("host").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        cl.ExactMatch("town").configure(term_frequency_adjustments=True),
    ],
    "blocking": [
        block_on("firm"),
        block_on("number"),
        block_on("host"),
        block_on("line"),
        block_on("postcode", "first_word"),
        block_on("town", "first_word"),
    ],
    "deterministic": [block_on("firm", "postcode"), block_on("number", "first_word")],
    "recall": 0.6,
    "max_pairs": 1e7,
    "training": [block_on("firm"), block_on("number")],
}

_MIXED: dict[str, Any] = {
    "id": "record_id",
    "extra": "lower(regexp_replace(coalesce(person_name, organisation), '[^A-Za-z ]', '', 'g')) AS called, "
    f"{_parts('coalesce(person_name, organisation)')}[1] AS first_word, {_DIGITS.format('phone', 7)} AS number, lower(email) AS mail, "
    "lower(regexp_replace(address, '[^A-Za-z0-9]', '', 'g')) AS line",
    "comparisons": [
        cl.JaroWinklerAtThresholds("called", [0.95, 0.88, 0.75]).configure(term_frequency_adjustments=True),
        cl.LevenshteinAtThresholds("birth_date", 1),
        cl.JaroWinklerAtThresholds("line", [0.95, 0.85]),
        cl.ExactMatch("number"),
        cl.EmailComparison("mail"),
    ],
    "blocking": [
        block_on("called"),
        block_on("first_word"),
        block_on("number"),
        block_on("mail"),
        block_on("birth_date"),
        block_on("substr(line, 1, 6)"),
    ],
    "deterministic": [block_on("called"), block_on("number", "first_word")],
    "recall": 0.6,
    "max_pairs": 1e6,
    "training": [block_on("called"), block_on("number")],
}

_CHINESE: dict[str, Any] = {
    "id": "record_id",
    "extra": '"姓名" AS called, left("姓名", 1) AS family, "性别" AS sex, "出生日期" AS dob, "身份证号" AS id_number, '
    f'{_DIGITS.format(chr(34) + "手机" + chr(34), 11)} AS number, lower("邮箱") AS mail, "城市" AS town, "详细地址" AS line',
    "comparisons": [
        cl.LevenshteinAtThresholds("called", 1).configure(term_frequency_adjustments=True),
        cl.ExactMatch("sex"),
        cl.LevenshteinAtThresholds("dob", 1),
        cl.DamerauLevenshteinAtThresholds("id_number", [1]),
        cl.DamerauLevenshteinAtThresholds("number", [1]),
        cl.EmailComparison("mail"),
        cl.JaroWinklerAtThresholds("line", [0.92]),
        cl.ExactMatch("town").configure(term_frequency_adjustments=True),
    ],
    "blocking": [
        block_on("called"),
        block_on("id_number"),
        block_on("number"),
        block_on("mail"),
        block_on("dob", "family"),
        block_on("line"),
    ],
    "deterministic": [block_on("id_number"), block_on("called", "number"), block_on("called", "dob")],
    "recall": 0.7,
    "max_pairs": 1e7,
    "training": [block_on("called"), block_on("dob")],
}

GENERATED = {
    "families": _FAMILIES,
    "households": _HOUSEHOLDS,
    "organisations": _ORGANISATIONS,
    "mixed_1": _MIXED,
    "mixed_2": _MIXED,
    "mixed_3": _MIXED,
    "chinese": _CHINESE,
}
