"""`ucv erase`: people leave a home for good. One order: receipt, tombstones, then every place; each step may be done again.

What was cut short by a kill is finished by the next `ucv erase`, `ucv run` or `ucv restore`, from the tombstones alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.command.erase_places import Sweep
from pipelines.command.erase_who import find_subjects
from pipelines.command.erased_people import Subject, tombstone_of
from pipelines.errors import UcvError
from pipelines.exports.ledger import ledger_lock
from pipelines.privacy.erased import ErasedPeople
from pipelines.privacy.receipts import Receipt, read_receipts
from pipelines.privacy.tombstones import add_tombstones, merge_tombstones, read_tombstones
from pipelines.publishing.locks import home_lock
from pipelines.publishing.recovery import recover
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.erased_since import copy_beside_key, is_behind, tombstones_path
from pipelines.storage.keys import Keys
from pipelines.storage.prepared import drop_stale
from pipelines.storage.space import check_space

REPLAYED = "tombstones of a later time"
"""The reason on the receipt of a restored or copied home."""

Step = Callable[[str], None]
"""Called with a step's name before the step; tests fail there."""


class EraseError(UcvError):
    """Nobody was erased, or the erasure is not whole: what to do stands in the message."""


def _no_step(_step: str) -> None:
    return


def erase(  # noqa: PLR0913 - who, why and by whom
    settings: Settings,
    keys: Keys,
    targets: Sequence[str],
    *,
    by: str,
    reason: str,
    now: datetime | None = None,
    on_step: Step = _no_step,
) -> list[Receipt]:
    """Erase customers (by id, also a retired one) or whoever a record SOURCE:RECORD belongs to; receipts of all that was done.

    What an earlier kill cut short is finished first. Raises EraseError for an unknown target, before anything changes, and
    HomeBusyError while a run holds the home.
    """
    if not by.strip() or not reason.strip():
        raise EraseError(
            "Who erases and why is written on the receipt: give --name and --reason, neither blank."
        )
    check_space(settings)
    moment = now or datetime.now(UTC)
    with home_lock(settings), open_connection(settings, keys) as conn:
        recover(settings)
        done = resume(settings, keys, conn, moment, on_step)
        if is_behind(settings):
            done += filter(None, [replay(settings, keys, moment, on_step=on_step)])
        subjects = find_subjects(settings, keys, conn, targets)
        if subjects:
            done.append(erase_subjects(settings, keys, conn, subjects, by, reason, moment, on_step))
    return done


def erase_subjects(  # noqa: PLR0913, PLR0917 - as above
    settings: Settings,
    keys: Keys,
    conn: duckdb.DuckDBPyConnection,
    subjects: Sequence[Subject],
    by: str,
    reason: str,
    now: datetime,
    on_step: Step = _no_step,
) -> Receipt:
    """Erase described people; the caller holds the lock."""
    on_step("receipt")
    receipt = Receipt.begin(settings.home, now, by.strip(), reason.strip(), len(subjects))
    on_step("tombstones")
    at = now.astimezone(UTC).isoformat(timespec="seconds")
    add_tombstones(settings, keys, [tombstone_of(one, keys, receipt.erasure_id, at) for one in subjects])
    _sweep(settings, keys, conn, receipt, now, on_step)
    return receipt


def resume(
    settings: Settings, keys: Keys, conn: duckdb.DuckDBPyConnection, now: datetime, on_step: Step = _no_step
) -> list[Receipt]:
    """Finish what a kill cut short; the receipts of it. The caller holds the lock."""
    done = []
    open_ones = [receipt for receipt in read_receipts(settings.home) if not receipt.is_done]
    if not open_ones:
        return []
    merge_tombstones(settings, keys)  # a kill may have come between the two copies
    known = {one.erasure_id for one in read_tombstones(tombstones_path(settings.home), keys)}
    for receipt in open_ones:
        if receipt.erasure_id not in known and receipt.told["reason"] != REPLAYED:
            receipt.withdraw()
            continue
        _sweep(settings, keys, conn, receipt, now, on_step)
        done.append(receipt)
    return done


def finish_erasures(settings: Settings, keys: Keys, now: datetime) -> list[Receipt]:
    """The same for a run that holds the lock; before, everybody leaves whom this copy of the home should not hold any more."""
    with open_connection(settings, keys) as conn:
        done = resume(settings, keys, conn, now)
    again = replay(settings, keys, now) if is_behind(settings) else None
    return [*done, *([again] if again else [])]


def replay(
    settings: Settings, keys: Keys, now: datetime, others: Sequence[Path] = (), on_step: Step = _no_step
) -> Receipt | None:
    """After a restore: take over tombstones that are younger than the backup and let everybody leave whom they stand for.

    None where nobody was ever erased. Raises DamageError for tombstones that are not what was written.
    """
    places = (tombstones_path(settings.home), copy_beside_key(settings), *others)
    people = {one for place in places for one in read_tombstones(place, keys)}
    if not people:
        return None
    with home_lock(settings), open_connection(settings, keys) as conn:
        # Begun before the home knows of them: once it does, it counts as one that they have left.
        receipt = Receipt.begin(settings.home, now, "ucv", REPLAYED, len(people))
        on_step("merge")
        merge_tombstones(settings, keys, *others)
        _sweep(settings, keys, conn, receipt, now, on_step)
    return receipt


def _sweep(  # noqa: PLR0913, PLR0917 - one erasure's surroundings
    settings: Settings,
    keys: Keys,
    conn: duckdb.DuckDBPyConnection,
    receipt: Receipt,
    now: datetime,
    on_step: Step,
) -> None:
    tombstones = read_tombstones(tombstones_path(settings.home), keys)
    customers = tuple(sorted({one.customer_id for one in tombstones if one.customer_id}))
    sweep = Sweep(settings, keys, conn, ErasedPeople(tombstones, keys), customers, receipt)
    with ledger_lock(
        settings.home
    ):  # an export that has begun is finished first, and none begins on what is written anew
        for place, step in sweep.steps().items():
            on_step(place)
            receipt.look(place)
            step()
    drop_stale(settings.home)  # what waits for a change of keys was made from files with them in it
    on_step("done")
    receipt.finish(now)
