"""The bounds that comparators put before an edit distance save time and never decide."""

from __future__ import annotations

import random
import re

import duckdb
import pytest

from pipelines.matching.specification import match_specification

COMPARATORS = match_specification().comparators
BOUND = re.compile(r"(?<!_)levenshtein\([^()]*(?:\([^()]*\)[^()]*)*\) <= \d+\s+and\s+")
WITH_BOUND = sorted(name for name, sql in COMPARATORS.items() if BOUND.search(sql))


def slipped(text: str, dice: random.Random) -> str:
    letters = list(text)
    for _ in range(dice.randint(0, 3)):
        n = dice.randrange(len(letters) + 1)
        kind = dice.choice(("add", "drop", "swap", "swap", "other"))
        if kind == "swap":
            letters[n : n + 2] = letters[n : n + 2][::-1]
        else:
            letters[n : n + (kind != "add")] = [] if kind == "drop" else [dice.choice("abxé1")]
    return "".join(letters)


@pytest.fixture(scope="module")
def pairs() -> duckdb.DuckDBPyConnection:
    """Texts of up to 12 characters with up to three slips of every kind: every bound is met and exceeded."""
    dice, conn = random.Random(4), duckdb.connect()
    texts = ["".join(dice.choices("abcdefgh1xé", k=dice.randint(0, 12))) for _ in range(20_000)]
    conn.execute(
        "CREATE TABLE pairs AS SELECT unnest(?::varchar[]) AS x, unnest(?::varchar[]) AS y",
        [texts, [slipped(text, dice) for text in texts]],
    )
    return conn


def test_edit_distances_have_a_bound_before_them() -> None:
    costly = {name for name, sql in COMPARATORS.items() if "damerau_levenshtein" in sql}
    assert costly - set(WITH_BOUND) == {"similar_email"}, "whose digits are compared first"


@pytest.mark.parametrize("name", WITH_BOUND)
def test_without_its_bound_a_comparator_says_the_same(name: str, pairs: duckdb.DuckDBPyConnection) -> None:
    template = COMPARATORS[name]
    side = "{}"
    if "strftime" in template:
        side = "(date '2000-01-01' + (length({}) * 7 + coalesce(unicode({}), 0))::integer % 400)"
    elif "{x}[1]" in template:
        side = "[{}]"
    sql = template.replace("{x}", side.replace("{}", "x")).replace("{y}", side.replace("{}", "y"))
    held, other = pairs.execute(
        f"SELECT count(*) FILTER ({sql}), count(*) FILTER (coalesce(({sql}), false) <> coalesce(({BOUND.sub('', sql)}), false)) FROM pairs"
    ).fetchall()[0]
    assert held > 0
    assert other == 0
