"""What the steward's room keeps between requests, and which pair a steward gets next."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.desk.desk import Desk, Holder, StaleError
from pipelines.desk.sessions import Session
from pipelines.desk.steward.clusters import Merge, read_merges
from pipelines.desk.steward.opinions import LATER, Opinion, judged
from pipelines.desk.steward.queue import DoubtfulPair, Queue, read_queue
from pipelines.desk.steward.state import StewardState
from pipelines.desk.steward.working import working_stamp

_SHOWN_SECONDS = 900.0
"""So long a pair that is in front of one steward is given to no other."""


@dataclass(frozen=True)
class Left:
    """How many pairs of the queue still wait for this steward; `asked` of them because another steward asked for a second opinion."""

    pairs: int
    asked: int


@dataclass(frozen=True)
class Turn:
    """What a steward has in front of them: a pair of the queue of a version, none when nothing waits, and what is left."""

    version: str
    queue: Queue
    pair: DoubtfulPair | None
    left: Left


class StewardRoom:
    """One for all stewards of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.state = StewardState(desk.settings.home)
        self.queue: Holder[Queue] = Holder(lambda: working_stamp(desk), lambda: read_queue(desk))
        self.merges: Holder[list[Merge]] = Holder(lambda: working_stamp(desk), lambda: read_merges(desk))
        self._lock = threading.Lock()
        self._shown: dict[str, tuple[Session, float]] = {}

    def next_pair(self, session: Session) -> Turn:
        """The pair that this steward gets now; it is kept from others meanwhile."""
        version, queue = self.queue.now()
        with self._lock:
            waiting = list(self._waiting(session, queue))
            first = next((pair for _, pair in waiting if self._is_free(session, pair.key)), None)
            if first is not None:
                self._show(session, first.key)
        return Turn(version, queue, first, _left(waiting))

    def chosen(self, session: Session, version: str, key: str) -> Turn:
        """The pair that a page of `version` showed. Raises StaleError when readers see another version meanwhile."""
        now, queue = self.queue.now()
        if version != now or key not in queue.pairs:
            raise StaleError(
                f"The page shows a pair of version {version[:40]}, and readers see {now} since. Nothing was written; load the page "
                "again for the pairs of the version of today."
            )
        with self._lock:
            self._show(session, key)
            left = _left(list(self._waiting(session, queue)))
        return Turn(now, queue, queue.pairs[key], left)

    def disputed(self) -> list[tuple[DoubtfulPair, Mapping[str, Opinion]]]:
        """Pairs of the version about which stewards said different things."""
        opinions = self.state.opinions()
        _, queue = self.queue.now()
        named = ((pair, opinions.get(pair.name, {})) for pair in queue.pairs.values())
        return [(pair, held) for pair, held in named if len({one.said for one in judged(held.values())}) > 1]

    def _waiting(self, session: Session, queue: Queue) -> Iterator[tuple[int, DoubtfulPair]]:
        """Second opinions first, then by nearness to the threshold, what was put off last."""
        held, opinions = self.state.held(), self.state.opinions()
        ranked = []
        for place, pair in enumerate(queue.pairs.values()):
            said = opinions.get(pair.name, {})
            mine = said.get(session.name)
            others = judged(one for by, one in said.items() if by != session.name)
            if mine is not None and mine.said != LATER:
                continue  # judged, or waiting for somebody else
            if any(one.is_asked for one in others):
                ranked.append((0, place, pair))
            elif not others and held.keys().isdisjoint(pair.all_names):
                ranked.append((2 if mine is not None else 1, place, pair))
        for rank, _, pair in sorted(ranked, key=lambda one: one[:2]):
            yield rank, pair

    def _is_free(self, session: Session, key: str) -> bool:
        by, at = self._shown.get(key, (session, 0.0))
        return by.name == session.name or time.monotonic() - at > _SHOWN_SECONDS

    def _show(self, session: Session, key: str) -> None:
        self._shown = {one: held for one, held in self._shown.items() if held[0] is not session}
        self._shown[key] = (session, time.monotonic())


def _left(waiting: list[tuple[int, DoubtfulPair]]) -> Left:
    return Left(len(waiting), sum(rank == 0 for rank, _ in waiting))
