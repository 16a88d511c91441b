"""Bands of the marketing file, and how they get wider where a group is too small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.privacy.k_anonymity import ANY, Ladder

UNKNOWN = "unknown"
_NARROW_AGE, _WIDE_AGE = 10, 20

BANDS = {
    "orders": ((0, "none"), (1, "1"), (4, "2-4"), (None, "5+")),
    "value": (
        (0, "none"),
        (100, "to 100"),
        (1_000, "to 1,000"),
        (10_000, "to 10,000"),
        (None, "over 10,000"),
    ),
    "last_order": ((90, "90 days"), (365, "a year"), (None, "longer ago")),
}
_WIDER = {
    "orders": {"1": "1+", "2-4": "1+", "5+": "1+"},
    "value": {"to 100": "to 1,000", "to 10,000": "over 1,000", "over 10,000": "over 1,000"},
    "last_order": {"90 days": "a year"},
}


def age_sql(column: str) -> str:
    low = f"({column} // {_NARROW_AGE} * {_NARROW_AGE})"
    return (
        f"CASE WHEN {column} IS NULL THEN '{UNKNOWN}' WHEN {column} < 20 THEN 'under 20' WHEN {column} >= 80 THEN '80+' "
        f"ELSE {low} || '-' || ({low} + {_NARROW_AGE - 1}) END"
    )


def band_sql(column: str, bands: Sequence[tuple[int | None, str]]) -> str:
    cases = " ".join(f"WHEN {column} <= {top} THEN '{word}'" for top, word in bands if top is not None)
    return f"CASE WHEN {column} IS NULL THEN '{UNKNOWN}' {cases} ELSE '{bands[-1][1]}' END"


def who_ladder() -> Ladder:
    wide = {
        f"{low}-{low + _NARROW_AGE - 1}": f"{low // _WIDE_AGE * _WIDE_AGE}-{low // _WIDE_AGE * _WIDE_AGE + _WIDE_AGE - 1}"
        for low in range(20, 80, _NARROW_AGE)
    }
    hidden = [{name: f"'{ANY}'"} for name in ("province", "age", "gender", "country")]
    return [{"city": f"'{ANY}'"}, {"age": _mapped("age", wide)}, *hidden]


def did_ladder() -> Ladder:
    wider = {name: _mapped(name, words) for name, words in _WIDER.items()}
    hidden = [{name: f"'{ANY}'"} for name in ("rfm", "tier", "value", "last_order", "stage", "orders")]
    return [
        {"value": wider["value"], "orders": wider["orders"]},
        {"last_order": wider["last_order"]},
        *hidden,
    ]


def _mapped(column: str, words: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN '{narrow}' THEN '{wide}'" for narrow, wide in words.items())
    return f"CASE {column} {cases} ELSE {column} END"
