"""Going back to a version published earlier: verify it, compensate the ledger, turn the switch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pipelines.errors import PublishError
from pipelines.publishing.history import ROLLED_BACK, append_event, event, previous_good
from pipelines.publishing.journal import Journal, clear_journal, write_journal
from pipelines.publishing.locks import home_lock
from pipelines.publishing.recovery import recover
from pipelines.publishing.switch import ledger_names, switch_to
from pipelines.publishing.version import current_version, describe_versions, list_versions, verify_version
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

Compensate = Callable[[str, str], None]
"""Appends the ledger entries that undo what lies between two versions: (from_version, to_version)."""


def rollback(  # noqa: PLR0913 - two of them are hooks
    settings: Settings,
    keys: Keys,
    to: str | None,
    now: datetime,
    *,
    compensate: Compensate | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> str:
    """Let readers see `to` (default: the newest good version before the current one); return its name.

    Its checksums are verified first. `compensate` may only add files to the identity ledger; when the process
    is killed before it returned, the next start removes what it added. PublishError when there is no such
    version, it is damaged, or it is the current one already.
    """
    with home_lock(settings):
        recover(settings)
        current = current_version(settings.home)
        target = _target(settings, current, to)
        verify_version(settings.home, target)
        assert current is not None
        done = event(current, ROLLED_BACK, now, None, to=target)
        journal = Journal(done, target, ledger_before=tuple(ledger_names(settings.home)))
        write_journal(settings.home, journal)
        on_step("compensate")
        if compensate is not None:
            compensate(current, target)
        on_step("compensated")
        write_journal(settings.home, replace(journal, compensated=True))
        on_step("switch")
        switch_to(settings.home, target)
        on_step("record")
        append_event(settings.home, done)
        on_step("clear")
        clear_journal(settings.home)
        return target


def _target(settings: Settings, current: str | None, to: str | None) -> str:
    home = settings.home
    there = describe_versions(home)
    if current is None:
        raise PublishError(f"Nothing to roll back in {home}: {there}.")
    target = to or previous_good(home)
    if target is None:
        raise PublishError(f"No good version before {current} to roll back to; {there}.")
    if target not in list_versions(home):
        raise PublishError(f"No version {target} in {home}; {there}.")
    if target == current:
        raise PublishError(f"Readers already see {target}; {there}.")
    return target
