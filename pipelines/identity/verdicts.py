"""Steward verdicts: two records are one person (must_link) or are not (cannot_link), whatever the evidence says.

They lie in `state/steward_verdicts.jsonl`, one line each, only ever added to: keyed tokens instead of record ids, no
personal value. The last line about a pair holds; `withdrawn` takes an earlier verdict back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.storage.checksums import is_whole, with_checksum

MUST_LINK, CANNOT_LINK, WITHDRAWN = "must_link", "cannot_link", "withdrawn"
_KINDS = {MUST_LINK, CANNOT_LINK, WITHDRAWN}


class VerdictError(SettingsError):
    """Verdicts contradict one another or their file is not readable: nothing was started (exit 2)."""


@dataclass(frozen=True)
class Verdict:
    """One line: `number` counts from 1, `token_a` < `token_b` are keyed tokens of records, `at` is a day."""

    number: int
    verdict: str
    token_a: str
    token_b: str
    at: str

    @property
    def pair(self) -> tuple[str, str]:
        """What it is about."""
        return self.token_a, self.token_b


def verdicts_path(home: Path) -> Path:
    """The file of a home."""
    return home / "state" / "steward_verdicts.jsonl"


def read_verdicts(home: Path) -> list[Verdict]:
    """All lines in order. Raises VerdictError for a line that is no verdict."""
    path = verdicts_path(home)
    if not path.exists():
        return []
    verdicts = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            told = json.loads(line)
            if not is_whole(told):
                raise ValueError("not the line that was written")
            verdict = Verdict(number, told["verdict"], told["token_a"], told["token_b"], told["at"])
        except (ValueError, KeyError, TypeError) as error:
            raise VerdictError(
                f"Line {number} of {path} is damaged or no verdict; expected JSON with verdict, token_a, token_b and at, as it "
                "was written. "
                "Restore the file from a backup or remove the line."
            ) from error
        if verdict.verdict not in _KINDS or verdict.token_a >= verdict.token_b:
            raise VerdictError(
                f"Line {number} of {path} has the verdict {verdict.verdict!r} or its tokens in the wrong order; "
                f"expected one of {', '.join(sorted(_KINDS))} and token_a before token_b."
            )
        verdicts.append(verdict)
    return verdicts


def active_verdicts(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts that hold: the last one of each pair, without those withdrawn."""
    last = {verdict.pair: verdict for verdict in verdicts}
    return sorted((v for v in last.values() if v.verdict != WITHDRAWN), key=lambda verdict: verdict.number)


def check_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Raises VerdictError that names every must-link on the way between two records that cannot be linked."""
    links: dict[str, dict[str, Verdict]] = {}
    for verdict in verdicts:
        if verdict.verdict == MUST_LINK:
            links.setdefault(verdict.token_a, {})[verdict.token_b] = verdict
            links.setdefault(verdict.token_b, {})[verdict.token_a] = verdict
    told = []
    for verdict in verdicts:
        if verdict.verdict == CANNOT_LINK:
            way = _way(links, verdict.token_a, verdict.token_b)
            if way:
                told.append(f"{_named(verdict)} against {', '.join(map(_named, way))}")
    if told:
        raise VerdictError(
            f"Steward verdicts contradict one another: {'; '.join(told)}. Withdraw one with `ucv review --withdraw NUMBER`; "
            "`ucv review --list` shows their records."
        )


def record_verdicts(home: Path, verdict: str, pairs: Iterable[tuple[str, str]], at: date) -> list[Verdict]:
    """Add one line per pair of tokens, durably, or none: VerdictError when they contradict what holds."""
    known = read_verdicts(home)
    added = []
    for place, (one, other) in enumerate(pairs, start=len(known) + 1):
        if one == other:
            raise VerdictError("A verdict needs two different records; both sides are the same one.")
        token_a, token_b = min(one, other), max(one, other)
        added.append(Verdict(place, verdict, token_a, token_b, at.isoformat()))
    check_verdicts(active_verdicts([*known, *added]))
    path = verdicts_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(
        json.dumps(with_checksum({name: value for name, value in asdict(line).items() if name != "number"}))
        + "\n"
        for line in added
    )
    with path.open("a", encoding="utf-8") as stream:
        stream.write(lines)
        stream.flush()
        os.fsync(stream.fileno())
    return added


def _way(links: dict[str, dict[str, Verdict]], start: str, end: str) -> list[Verdict]:
    """The must-links from one record to the other, the fewest possible; empty without a way."""
    came: dict[str, Verdict | None] = {start: None}
    before: dict[str, str] = {}
    queue = [start]
    for token in queue:
        for other, verdict in links.get(token, {}).items():
            if other not in came:
                came[other], before[other] = verdict, token
                queue.append(other)
    way: list[Verdict] = []
    while end in before:
        verdict_here = came[end]
        if verdict_here is not None:
            way.append(verdict_here)
        end = before[end]
    return way[::-1]


def _named(verdict: Verdict) -> str:
    return f"verdict {verdict.number} ({verdict.verdict}, {verdict.at})"
