"""What stewards said at the desk: `state/desk/opinions.jsonl`, only ever added to. Keyed tokens, no personal value but the steward's
own name. Verdicts lie elsewhere (pipelines.identity.verdicts); this log tells who said what, and what waits for somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from filelock import FileLock

from pipelines.errors import UcvError
from pipelines.storage.append_log import append_line, read_lines
from pipelines.storage.checksums import is_whole, with_checksum

SAME, DIFFERENT, LATER = "same", "different", "later"
UNDONE = "undone"
SAID = (SAME, DIFFERENT, LATER, UNDONE)
_WAIT_SECONDS = 10.0


@dataclass(frozen=True)
class Opinion:
    """One line. `is_asked`: another steward is to judge the pair as well; `was_blind`: said without the tool's opinion; `tool`: what
    the tool had (same or different)."""

    number: int
    at: str
    by: str
    token_a: str
    token_b: str
    said: str
    is_asked: bool
    was_blind: bool
    tool: str

    @property
    def pair(self) -> tuple[str, str]:
        """What it is about."""
        return self.token_a, self.token_b


@dataclass(frozen=True)
class Agreement:
    """Two raters over the pairs that both judged. `kappa` (Cohen) is None where chance alone would agree always."""

    one: str
    other: str
    pairs: int
    agreed: int
    kappa: float | None


def opinions_path(home: Path) -> Path:
    """The log of a home."""
    return home / "state" / "desk" / "opinions.jsonl"


def add_opinion(  # noqa: PLR0913 - the facts of one line
    home: Path, by: str, pair: tuple[str, str], said: str, *, is_asked: bool, was_blind: bool, tool: str
) -> None:
    """Add one line, durably."""
    path = opinions_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(home / ".desk.lock", timeout=_WAIT_SECONDS):
        at = datetime.now(UTC).isoformat(timespec="seconds")
        told = Opinion(0, at, by, *pair, said, is_asked, was_blind, tool)
        append_line(
            path, with_checksum({name: value for name, value in asdict(told).items() if name != "number"})
        )


def read_opinions(home: Path, known: Sequence[Opinion] = ()) -> list[Opinion]:
    """All lines in order; those that are `known` already are not checked again. Raises UcvError for one that is not as it was written."""
    lines = read_lines(opinions_path(home))
    found = list(known) if len(known) <= len(lines) else []  # a shorter file is another one
    for number, line in enumerate(lines[len(found) :], start=len(found) + 1):
        try:
            if not is_whole(line) or line["said"] not in SAID:
                raise ValueError("not the line that was written")
            names = [name for name in Opinion.__dataclass_fields__ if name != "number"]
            found.append(Opinion(number, **{name: line[name] for name in names}))
        except (ValueError, KeyError, TypeError):
            raise UcvError(
                f"Line {number} of {opinions_path(home)} is damaged; restore the file from a backup or remove the line."
            ) from None
    return found


def last_opinions(opinions: Iterable[Opinion]) -> dict[tuple[str, str], dict[str, Opinion]]:
    """Pair -> steward -> the last word of each that was not undone."""
    found: dict[tuple[str, str], dict[str, Opinion]] = {}
    for one in opinions:
        held = found.setdefault(one.pair, {})
        if one.said == UNDONE:
            held.pop(one.by, None)
        else:
            held[one.by] = one
    return {pair: held for pair, held in found.items() if held}


def judged(held: Iterable[Opinion]) -> list[Opinion]:
    """Of the last words about one pair, those that decide something."""
    return [one for one in held if one.said in (SAME, DIFFERENT)]


def agreements(last: dict[tuple[str, str], dict[str, Opinion]]) -> list[Agreement]:
    """Every two stewards with a pair that both judged."""
    both: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for held in last.values():
        for a, b in combinations(sorted(judged(held.values()), key=lambda one: one.by), 2):
            both.setdefault((a.by, b.by), []).append((a.said, b.said))
    return [agreement(*names, said) for names, said in sorted(both.items())]


def with_tool(last: dict[tuple[str, str], dict[str, Opinion]], *, was_blind: bool) -> list[Agreement]:
    """Every steward against the tool, over what was judged blind, or seeing the tool's opinion."""
    said: dict[str, list[tuple[str, str]]] = {}
    for held in last.values():
        for one in judged(held.values()):
            if one.was_blind == was_blind:
                said.setdefault(one.by, []).append((one.said, one.tool))
    return [agreement(by, "", pairs) for by, pairs in sorted(said.items())]


def agreement(one: str, other: str, said: Sequence[tuple[str, str]]) -> Agreement:
    """Share that agrees, and Cohen's kappa: how far it is beyond what two raters with these shares would agree by chance."""
    count = len(said)
    agreed = sum(a == b for a, b in said)
    chance = sum(
        (sum(a == word for a, _ in said) / count) * (sum(b == word for _, b in said) / count)
        for word in (SAME, DIFFERENT)
    )
    kappa = None if chance >= 1 else (agreed / count - chance) / (1 - chance)
    return Agreement(one, other, count, agreed, kappa)
