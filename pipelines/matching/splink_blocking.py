"""Blocking rules of the specification as Splink writes them: a condition over `l` and `r`, lists exploded.

Splink knows no cap on the profiles that share a key (setting block_cap), and explodes columns only: a rule over a list that is
no column of identity_profiles cannot be said in its words.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.matching.specification import MatchSpecification

_WORD = re.compile(r"'[^']*'|(?<![\w.':])[a-z_]\w*(?!\w)(?!\s*\()")
_SQL_WORDS = {"case", "when", "then", "else", "end", "not", "is", "null", "and", "or", "in", "true", "false", "between"}  # fmt: skip
_EACH = re.compile(r"(list_transform|list_filter)\((.*), lambda (\w+): (.*)\)", re.DOTALL)
_NO_COLUMN = {"token_pairs"}
"""Lists that model identity_blocking_keys makes for itself."""


def splink_blocking(specification: MatchSpecification) -> tuple[list[dict[str, Any]], list[str]]:
    """Rules as Splink takes them, those without lists first, and the names of the rules that it has no words for."""
    told, left_out = [], []
    for rule in sorted(specification.blocking, key=lambda one: one.is_list):
        for key in rule.keys:
            made = _splink_rule(key, is_list=rule.is_list)
            if made is not None:
                told.append(made)
            elif rule.rule not in left_out:
                left_out.append(rule.rule)
    return told, left_out


def blocking_columns(specification: MatchSpecification) -> set[str]:
    """Columns of identity_profiles that the rules which Splink can express read."""
    rules, _ = splink_blocking(specification)
    return {column for rule in rules for column in re.findall(r'\bl\."(\w+)"', rule["blocking_rule"])}


def _splink_rule(text: str, *, is_list: bool) -> dict[str, Any] | None:
    if not is_list:
        return _rule(text, "true", None)
    found = _of_each(text)
    return None if found is None or found[0] in _NO_COLUMN else _rule(found[1], found[2], found[0])


def _of_each(text: str) -> tuple[str, str, str] | None:
    """List column, key and condition of each element of a list expression, the element named as the column."""
    if re.fullmatch(r"\w+", text):
        return text, text, "true"
    call = _EACH.fullmatch(text)
    inner = _of_each(call[2]) if call else None
    if call is None or inner is None:
        return None
    column, key, held = inner
    element = key if key == column else f"({key})"
    own = re.sub(rf"\b{call[3]}\b", lambda _: element, call[4])
    if call[1] == "list_filter":
        return column, key, own if held == "true" else f"({held}) and ({own})"
    return column, own, held


def _rule(key: str, held: str, exploded: str | None) -> dict[str, Any]:
    left, right = _of_side(key, "l"), _of_side(key, "r")
    conditions = ['l."entity_type" = r."entity_type"', f"({left}) = ({right})", f"({left})::varchar <> ''"]
    if held != "true":
        conditions += [f"({_of_side(held, side)})" for side in "lr"]
    made: dict[str, Any] = {"blocking_rule": " and ".join(conditions), "sql_dialect": "duckdb"}
    return made | ({"arrays_to_explode": [exploded]} if exploded else {})


def _of_side(sql: str, side: str) -> str:
    """The expression with every column written as that of one side; texts, functions and words of SQL stay."""

    def written(found: re.Match[str]) -> str:
        word = found[0]
        return word if word.startswith("'") or word in _SQL_WORDS else f'{side}."{word}"'

    return _WORD.sub(written, sql)
