"""The matching specification (dbt_project/models/identity/_match_specification.yml) as objects.

dbt hands the same YAML to the macros as `meta` of a model; nothing is copied or generated in between.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.errors import SettingsError
from pipelines.matching.lines import read_with_lines
from pipelines.settings import DBT_PROJECT_DIR

SPECIFICATION = DBT_PROJECT_DIR / "models" / "identity" / "_match_specification.yml"


@dataclass(frozen=True)
class Level:
    """One level: `number` counts from the weakest (0); m and u are probabilities as shipped, 0-1."""

    name: str
    number: int
    when: str | None
    m: float
    u: float
    text: str
    above: tuple[str, ...] = ()
    term_frequency: str | None = None
    strangers: str | None = None


@dataclass(frozen=True)
class Comparison:
    """One field: when it is compared, its thresholds by name, and its levels from the weakest to the strongest."""

    field: str
    compared_when: str
    levels: tuple[Level, ...]
    thresholds: dict[str, float] = dataclasses.field(default_factory=dict)
    trained: bool = True
    by_the_rest: bool = False


BY_THE_REST = "by_the_rest"
"""`trained` of a comparison whose m is counted where all other fields alone say that two profiles match."""

PLACE = "{place}"
"""In the key of a blocking rule: the column whose turn it is."""


@dataclass(frozen=True)
class Guard:
    """Fields that together count no more than `cap` (a setting, bits) where the condition `when` over levels holds."""

    name: str
    of: tuple[str, ...]
    when: str
    cap: str
    text: str


@dataclass(frozen=True)
class Relief:
    """Where the data have few of `among`, the guards `of` take nothing from `pairs` (both conditions over levels).

    `share`: a setting, the pairs of two people expected at most among `pairs` for each of `among`.
    """

    name: str
    pairs: str
    among: str
    share: str
    of: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class BlockingRule:
    """Profiles with the same key are compared; `serves` says for whom the rule is there.

    `of`: columns that stand in turn for PLACE in the key, each a key of its own. Of very many profiles fewer may share a key
    that is loose.
    """

    rule: str
    serves: str
    key: str
    is_list: bool
    of: tuple[str, ...] = ()
    is_loose: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The key, once for each of its columns."""
        return tuple(self.key.replace(PLACE, column) for column in self.of) or (self.key,)


@dataclass(frozen=True)
class MatchSpecification:
    """Everything that matching is made from; `settings`: name -> (value, what it is)."""

    comparators: dict[str, str]
    comparisons: tuple[Comparison, ...]
    facts: dict[str, str]
    guards: tuple[Guard, ...]
    blocking: tuple[BlockingRule, ...]
    settings: dict[str, tuple[float, str]]
    fact_texts: dict[str, str] = dataclasses.field(default_factory=dict)
    reliefs: tuple[Relief, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the compared fields, in order."""
        return tuple(comparison.field for comparison in self.comparisons)

    @property
    def guard_columns(self) -> tuple[str, ...]:
        """Columns of the weights in which the bits stand that a guard took, in the order of the guards."""
        return tuple(f"{guard.name}_guard" for guard in self.guards)

    def comparison(self, name: str) -> Comparison:
        """The comparison of a field. Raises KeyError for an unknown one."""
        return {comparison.field: comparison for comparison in self.comparisons}[name]


@cache
def match_specification(path: Path = SPECIFICATION) -> MatchSpecification:
    """The checked specification. Raises SettingsError with file, line and remedy when it is wrong."""
    from pipelines.matching.checks import check_specification  # noqa: PLC0415 - checks know the objects

    tree, lines = read_with_lines(path)
    try:
        told = tree["models"][0]["config"]["meta"]["matching"]
    except (KeyError, IndexError, TypeError) as error:
        raise SettingsError(
            f"{path}: expected models[0].config.meta.matching, the matching specification; found none. Restore the file."
        ) from error
    check_specification(told, lines)
    return _specification(told)


def _specification(told: dict[str, Any]) -> MatchSpecification:
    return MatchSpecification(
        {name: _with_patterns(sql, told.get("patterns", {})) for name, sql in told["comparators"].items()},
        tuple(_comparison(one) for one in told["comparisons"]),
        {name: fact["when"] for name, fact in told["facts"].items()},
        tuple(Guard(g["name"], tuple(g["of"]), g["when"], g["cap"], g["text"]) for g in told["guards"]),
        tuple(
            BlockingRule(
                rule["rule"],
                rule["serves"],
                rule.get("key") or rule["keys"],
                "keys" in rule,
                tuple(rule.get("of", ())),
                rule.get("loose", False),
            )
            for rule in told["blocking"]
        ),
        {name: (float(one["value"]), one["text"]) for name, one in told["settings"].items()},
        fact_texts={name: fact["text"] for name, fact in told["facts"].items()},
        reliefs=tuple(
            Relief(one["name"], one["pairs"], one["among"], one["share"], tuple(one["of"]), one["text"])
            for one in told["reliefs"]
        ),
    )


def _with_patterns(template: str, patterns: dict[str, str]) -> str:
    """A comparator with its regular expressions in place of their names in braces."""
    for name, pattern in patterns.items():
        template = template.replace("{" + name + "}", pattern)
    return template


def _comparison(told: dict[str, Any]) -> Comparison:
    levels = tuple(
        Level(
            level["name"], number, level.get("when"), float(level["m"]), float(level["u"]), level["text"],
            tuple(level.get("above", ())), level.get("term_frequency"), level.get("strangers"),
        )
        for number, level in enumerate(told["levels"])
    )  # fmt: skip
    return Comparison(
        told["field"],
        told["compared_when"],
        levels,
        dict(told.get("thresholds") or {}),
        bool(told.get("trained", True)),
        told.get("trained") == BY_THE_REST,
    )
