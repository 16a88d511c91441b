"""The files of a session between two houses: a line that says what it is, then one point a line.

The first house begins with its own points, blinded once. The second answers with those points blinded a second time, in an order
that tells nothing, and with its own blinded once. The first blinds these too and counts what is in both: how many, never whom.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.cooperation.curve import POINT_BYTES
from pipelines.errors import UcvError

BEGIN, ANSWER, ENCODED = "begin", "answer", "encoded"
LEAST = 100
"""Fewer people than this are asked about by nobody: whoever asks about one person learns whether they are a customer."""
_SESSION = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MOST = 20_000_000
_ENCODED_BYTES = 128


class CooperationError(UcvError):
    """A session cannot go on: a wrong file, too few people, an unknown partner (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Head:
    """What a file says of itself. `returned` counts the receiver's own points in an answer, which come first."""

    step: str
    session: str
    by: str
    count: int
    returned: int = 0


def write_session(path: Path, head: Head, points: Sequence[bytes]) -> None:
    """Write a file of mode 0600 that was not there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        raise CooperationError(f"{path} is there already; each session is its own.")
    path.touch(mode=0o600)
    lines = [json.dumps(asdict(head), sort_keys=True), *(point.hex() for point in points)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def read_session(path: Path, step: str) -> tuple[Head, list[bytes]]:
    """Raises CooperationError for another step, too few people, or a line that is none."""
    try:
        first, *rest = path.read_text(encoding="ascii").splitlines()
        head = Head(**json.loads(first))
        points = [bytes.fromhex(line) for line in rest]
    except (OSError, ValueError, TypeError) as error:
        raise CooperationError(f"{path} is no file of a session ({type(error).__name__}).") from error
    size = _ENCODED_BYTES if step == ENCODED else POINT_BYTES
    if head.step != step or not _SESSION.fullmatch(str(head.session)):
        raise CooperationError(f"{path} is the file of another step; expected {step}.")
    if (
        len(points) > _MOST
        or head.count + head.returned != len(points)
        or any(len(one) != size for one in points)
    ):
        raise CooperationError(f"{path} does not hold what its first line says; ask for it again.")
    require_enough(head.count)
    return head, points


def require_enough(count: int) -> None:
    """Raises CooperationError below LEAST."""
    if count < LEAST:
        raise CooperationError(
            f"{count} people are too few; at least {LEAST}, since a question about few tells who they are."
        )
