"""The page of the match model: the specification in words and tables, in Splink's terms where they exist.

It is committed as a block of dbt's docs (`PAGE`) and is the description of the model identity_match_model.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipelines.matching.conditions import TURNED
from pipelines.matching.specification import (
    SPECIFICATION,
    Comparison,
    MatchSpecification,
    match_specification,
)
from pipelines.matching.splink_blocking import splink_blocking
from pipelines.matching.splink_export import Chances

PAGE = SPECIFICATION.parent / "match_model.md"
REWRITE = "ucv model page --write"

_OPENING = """Each field is one *comparison* (Splink's word) of two profiles; the strongest *comparison level* whose condition holds is the
level of the pair. **m** is the chance of the level among matches, **u** among random pairs, and log2(m / u) its weight in bits. A level
with a *term frequency adjustment* is weighed by how rare the shared value is instead of by u. Pairs are compared that a *blocking rule*
finds. `comparator(column)` stands for the comparator over that column of both sides, `$name` for a threshold of the comparison."""

_SPLINK = """`ucv model export --splink` writes comparisons, levels, m, u and blocking rules as settings of Splink over the table
identity_profiles (id profile_no, one entity type); on the same pairs of names that are not turned, each comparison has the same Bayes
factor. Left out, because Splink has no words for it or another notion:

- names are compared as they stand: where family and given name fit better the other way round, we turn them and Splink does not,
- term frequency adjustment: Splink's counts all carriers of a value; ours leaves out those expected to be the same entity, and of
  a contact all who bear the same name; a lesser level never weighs more than the strongest value nobody else carries,
- the correction of the name (its parts and its whole repeat each other), the guards and their reliefs,
- the caps of blocking keys (settings block_cap and loose_cap){left_out}."""


def match_model_page(specification: MatchSpecification, trained: Chances | None = None) -> str:
    """Markdown; `trained`: field and number of a level -> m and u of a model in force, shown beside the shipped ones."""
    _, left_out = splink_blocking(specification)
    rules = f", and the blocking rule{'s' * (len(left_out) > 1)} {', '.join(left_out)}" if left_out else ""
    parts = [
        _OPENING,
        "## Comparisons",
        *(_comparison(one, trained) for one in specification.comparisons),
        "## Comparators",
        _table(
            ("comparator", "SQL of sides x and y"),
            ((_code(name), _code(sql)) for name, sql in specification.comparators.items()),
        ),
        "## Facts",
        "What several levels together say: `given:different` is a level, `<` and `>` any below or above it, `none` not comparable.",
        _table(
            ("fact", "holds where", "why"),
            (
                (name, _code(when), specification.fact_texts.get(name, ""))
                for name, when in specification.facts.items()
            ),
        ),
        "## Guards",
        "Where the fact holds, the fields together count no more than the cap.",
        _table(("guard", "fields", "holds where", "cap in bits", "why"), _guards(specification)),
        "## Reliefs",
        "Where the data have few pairs of two people for what a guard fears, it takes nothing from the pairs, which weigh no more than the "
        "odds that were counted.",
        _table(
            ("relief", "pairs", "two people expected: share of", "share", "relieves", "why"),
            (
                (one.name, _code(one.pairs), _code(one.among), one.share, ", ".join(one.of), one.text)
                for one in specification.reliefs
            ),
        ),
        "## Blocking rules",
        "Profiles with the same key are compared. A key is SQL over identity_profiles; of a list, each element is a key. "
        "In turn a rule takes each of the columns that stand for `{place}`.",
        _table(
            ("blocking rule", "serves", "key", "place", "cap"),
            (
                (
                    rule.rule,
                    rule.serves,
                    _code(rule.key) + (" (list)" if rule.is_list else ""),
                    ", ".join(rule.of),
                    "loose_cap" if rule.is_loose else "block_cap",
                )
                for rule in specification.blocking
            ),
        ),
        "## Settings",
        _table(
            ("setting", "value", "meaning"),
            ((name, f"{value:g}", text) for name, (value, text) in specification.settings.items()),
        ),
        "## In Splink",
        _SPLINK.format(left_out=rules),
    ]
    return "\n\n".join(parts) + "\n"


def committed_page(specification: MatchSpecification) -> str:
    """The page as a block of dbt's docs, which is what stands in `PAGE`."""
    page = match_model_page(specification)
    return f"{{% docs match_model %}}\n<!-- Made from {SPECIFICATION.name}; rewrite it with `{REWRITE}`. -->\n\n{page}{{% enddocs %}}\n"


def write_page(path: Path = PAGE) -> Path:
    """Rewrite the committed page. Raises SettingsError when the specification is wrong."""
    path.write_text(committed_page(match_specification()), encoding="utf-8")
    return path


def _comparison(comparison: Comparison, trained: Chances | None) -> str:
    told = [f"### {comparison.field}", f"Compared where {_code(comparison.compared_when)}."]
    if comparison.thresholds:
        bounds = ", ".join(f"`${name}` {value:g}" for name, value in comparison.thresholds.items())
        told[1] += f" Thresholds: {bounds}."
    words = f"{comparison.compared_when} " + " ".join(level.when or "" for level in comparison.levels)
    if any(column in words for column in TURNED):
        told[1] += " Names that fit better the other way round are turned first."
    if comparison.by_the_rest:
        told[1] += " m is counted where all other fields alone say match."
    heads: tuple[str, ...] = ("level", "in words", "condition", "m", "u", "bits")
    if trained is not None:
        heads += ("trained m", "trained u", "trained bits")
    return "\n\n".join([*told, _table(heads, _levels(comparison, trained))])


def _levels(comparison: Comparison, trained: Chances | None) -> Iterator[tuple[str, ...]]:
    """One row per level, the strongest first as it is tried first."""
    for level in reversed(comparison.levels):
        rarity = level.term_frequency or level.strangers
        text = level.text + (f" (term frequency adjustment: `{rarity}`)" if rarity else "")
        row: tuple[str, ...] = (
            level.name,
            text,
            _code(level.when) if level.when else "else",
            *_chances(level.m, level.u),
        )
        if trained is not None:
            known = trained.get((comparison.field, level.number))
            row += _chances(*known) if known else ("-", "-", "-")
        yield row


def _chances(m: float, u: float) -> tuple[str, str, str]:
    return f"{m:.3g}", f"{u:.3g}", f"{math.log2(m / u):+.2f}"


def _guards(specification: MatchSpecification) -> Iterator[tuple[str, ...]]:
    for guard in specification.guards:
        value, _ = specification.settings[guard.cap]
        yield guard.name, ", ".join(guard.of), _code(guard.when), f"{value:g} ({guard.cap})", guard.text


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def _code(text: str) -> str:
    return f"`{' '.join(text.split())}`"


if __name__ == "__main__":
    sys.stdout.write(f"{write_page()}\n")
