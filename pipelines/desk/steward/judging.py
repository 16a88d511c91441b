"""A judgement at the desk: when it becomes a verdict, when it waits for a second steward, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.command.judging import judged_pairs, write_verdict
from pipelines.desk.sessions import Session
from pipelines.desk.steward.opinions import DIFFERENT, LATER, SAME, UNDONE, Opinion, add_opinion, judged
from pipelines.desk.steward.queue import DoubtfulPair
from pipelines.desk.steward.state import Pair, StewardState
from pipelines.errors import UcvError
from pipelines.identity.verdicts import CANNOT_LINK, MUST_LINK, WITHDRAWN, Verdict
from pipelines.settings import Settings

VERDICTS = {SAME: MUST_LINK, DIFFERENT: CANNOT_LINK}
WRITTEN, WAITS, DISPUTED, PUT_OFF = "written", "waits", "disputed", "put_off"
"""What became of a judgement: a verdict; nothing before a second steward agrees; nothing, since the two disagree; nothing yet."""


class JudgingError(UcvError):
    """A judgement that cannot be taken down or back."""


@dataclass(frozen=True)
class Done:
    """One judgement of a sitting. `before`: what held about the same records, which undo writes again; `opinion`: the pair in the log of
    opinions, None for a cluster split by hand."""

    key: str
    said: str
    became: str
    opinion: Pair | None
    written: tuple[Pair, ...]
    before: Mapping[Pair, str]
    is_linked: bool = False
    weight: float = 0.0


def judge(  # noqa: PLR0913 - who, about what, how
    settings: Settings,
    state: StewardState,
    session: Session,
    pair: DoubtfulPair,
    said: str,
    *,
    is_asked: bool,
) -> Done:
    """Take down what a steward says about a pair; raises VerdictError where it contradicts what holds, and then takes down nothing."""
    others = judged(one for by, one in state.opinions().get(pair.name, {}).items() if by != session.name)
    became = what_becomes(said, others, is_asked=is_asked)
    done = Done(pair.key, said, became, pair.name, (), {}, pair.is_linked, pair.evidence.match_weight)
    if became == WRITTEN:
        pairs = judged_pairs(*pair.tokens, VERDICTS[said])
        done = _write(settings, state, done, VERDICTS[said], pairs)
    tool = SAME if pair.is_linked else DIFFERENT
    add_opinion(
        settings.home, session.name, pair.name, said, is_asked=is_asked, was_blind=session.is_blind, tool=tool
    )
    session.undo.append(done)
    return done


def what_becomes(said: str, others: Iterable[Opinion], *, is_asked: bool) -> str:
    """Two who were asked must agree before anything is written; whoever is not asked decides alone."""
    heard = list(others)
    if said == LATER:
        return PUT_OFF
    if heard and (is_asked or any(one.is_asked for one in heard)):
        return WRITTEN if {one.said for one in heard} == {said} else DISPUTED
    return WAITS if is_asked else WRITTEN


def split(settings: Settings, state: StewardState, session: Session, key: str, pairs: list[Pair]) -> Done:
    """Keep some records of a customer apart from the rest: `different` about every two of them."""
    done = _write(settings, state, Done(key, DIFFERENT, WRITTEN, None, (), {}), CANNOT_LINK, pairs)
    session.undo.append(done)
    return done


def undo(settings: Settings, state: StewardState, session: Session) -> Done:
    """Take the newest judgement of this sitting back, and let hold what held before. Raises JudgingError when there is none, or when
    somebody judged the same records since."""
    if not session.undo:
        raise JudgingError(
            "Nothing of this sitting is left to undo. `ucv review --list` shows older verdicts, `--withdraw` takes one back."
        )
    done: Done = session.undo[-1]
    held = state.held()
    if done.became == WRITTEN and any(
        pair not in held or held[pair].verdict != VERDICTS[done.said] for pair in done.written
    ):
        session.undo.pop()
        raise JudgingError(
            "Somebody judged these records again since; that verdict stays, and this one is left out of undo."
        )
    for verdict in (WITHDRAWN, MUST_LINK, CANNOT_LINK):
        pairs = [pair for pair in done.written if done.before.get(pair, WITHDRAWN) == verdict]
        if pairs:
            write_verdict(settings, verdict, pairs)
    if done.opinion is not None:
        tool = SAME if done.is_linked else DIFFERENT
        add_opinion(
            settings.home, session.name, done.opinion, UNDONE, is_asked=False, was_blind=False, tool=tool
        )
    session.undo.pop()
    return done


def _write(settings: Settings, state: StewardState, done: Done, verdict: str, pairs: list[Pair]) -> Done:
    held = state.held()
    ordered = [(min(pair), max(pair)) for pair in pairs]
    before = {pair: held[pair].verdict for pair in ordered if pair in held}
    lines: list[Verdict] = write_verdict(settings, verdict, ordered)
    return Done(
        done.key,
        done.said,
        done.became,
        done.opinion,
        tuple(line.pair for line in lines),
        before,
        done.is_linked,
        done.weight,
    )
