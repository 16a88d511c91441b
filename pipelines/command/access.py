"""Writing down who looks at personal data: before anything is shown, and once more with the rows that were."""

from __future__ import annotations

import os
import pwd
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from pipelines.errors import SettingsError
from pipelines.privacy.access_log import (
    Sealed,
    check_log,
    home_seal,
    locked,
    note_access,
    read_log,
    role_seal,
)
from pipelines.privacy.roles import ROLES, RoleKey, role_key
from pipelines.publishing.version import current_version
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

_LOOKS_PERSONAL = re.compile(r"@|[0-9]([ -]?[0-9]){6}")
_LONGEST = 200


@dataclass
class Access:
    """One access; whoever shows rows counts them here."""

    rows: int | None = None


class PurposeError(SettingsError):
    """The purpose is missing or holds what looks like a personal value: nothing is shown."""


@contextmanager
def accessed(  # noqa: PLR0913 - the facts of one line
    settings: Settings,
    key: Keys | RoleKey,
    action: str,
    *,
    purpose: str | None = None,
    about: str = "",
    told: Mapping[str, str] | None = None,
) -> Iterator[Access]:
    """Write a line before, and one after with the rows shown. `about` (a statement, a customer) is kept as a keyed token alone.

    Raises PurposeError, or AccessLogError where the line cannot be written; then nothing is shown.
    """
    sealed = _seal(key)
    line = _begun(settings, sealed, action, purpose, about, told or {})
    number = note_access(settings, sealed, line)
    access, ended = Access(), "failed"
    try:
        yield access
        ended = "shown"
    finally:
        note_access(
            settings,
            sealed,
            {"at": _now(), "action": "end", "of": number, "rows": access.rows, "ended": ended},
        )


def note_shown(  # noqa: PLR0913 - the facts of one access
    settings: Settings,
    key: Keys | RoleKey,
    action: str,
    rows: int,
    *,
    purpose: str | None = None,
    about: str = "",
    told: Mapping[str, str] | None = None,
) -> None:
    """Both lines at once, for a page that is made and not shown yet: half the waits for the disk. Raises as `accessed` does, and then
    the page is not to be shown."""
    sealed = _seal(key)
    line = _begun(settings, sealed, action, purpose, about, told or {})
    note_access(settings, sealed, line, {"at": _now(), "action": "end", "rows": rows, "ended": "shown"})


def audit(settings: Settings, keys: Keys, console: Console, last: int) -> bool:
    """Show the newest accesses and whether the log is as it was written; False when it is not."""
    with locked(settings.home):
        lines = read_log(settings.home)
        findings = list(check_log(settings, _seal_of(keys)))
    _show(lines, console, last)
    for one in findings:
        place = f"line {one.line}: " if one.line else ""
        console.print(f"Access log: {place}{one.told}.", style="red", highlight=False, soft_wrap=True)
    if findings:
        console.print(
            "Somebody changed the log, or a backup was restored over it: keep it as it is and compare it with a backup.",
            soft_wrap=True,
        )
    elif lines:
        checksum = str(lines[-1]["checksum"])[:16]
        console.print(
            f"{len(lines):,} lines, none changed or gone. Written down elsewhere, {len(lines)} {checksum} proves it later.",
            highlight=False,
            soft_wrap=True,
        )
    else:
        console.print("Nobody has looked at personal data yet.")
    return not findings


def log_findings(settings: Settings, keys: Keys) -> list[str]:
    """The same for `ucv verify`: a sentence per finding."""
    with locked(settings.home):
        return [
            f"line {one.line}: {one.told}" if one.line else one.told
            for one in check_log(settings, _seal_of(keys))
        ]


def _show(lines: list[dict[str, Any]], console: Console, last: int) -> None:
    ends = {line["of"]: line for line in lines if line.get("action") == "end"}
    begun = [line for line in lines if line.get("action") != "end"]
    table = Table(box=None, pad_edge=False)
    for name in ("at (UTC)", "who", "action", "role", "purpose", "rows", "ended"):
        table.add_column(name, justify="right" if name == "rows" else "left", overflow="fold")
    for line in begun[-last:]:
        end = ends.get(line.get("number"), {})
        rows = end.get("rows")
        table.add_row(
            str(line.get("at", ""))[:19], str(line.get("who", "")), str(line.get("action", "")), str(line.get("role", "all")),
            str(line.get("purpose") or "-"), "-" if rows is None else f"{rows:,}", str(end.get("ended", "cut short")),
        )  # fmt: skip
    if begun:
        console.print(table, highlight=False, markup=False)


def _begun(  # noqa: PLR0913, PLR0917 - the facts of one line
    settings: Settings, sealed: Sealed, action: str, purpose: str | None, about: str, told: Mapping[str, str]
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "at": _now(), "who": pwd.getpwuid(os.getuid()).pw_name, "action": action,
        "purpose": _purpose(settings, purpose), "version": current_version(settings.home), **told,
    }  # fmt: skip
    if about:
        line["about"] = sealed[1](f"about/{about}")
    return line


def _purpose(settings: Settings, given: str | None) -> str | None:
    told = (given or os.environ.get("UCV_PURPOSE") or "").strip()
    if not told and settings.require_purpose:
        raise PurposeError(
            'This home asks why somebody looks: give --purpose (or UCV_PURPOSE), such as "complaint 17". Nothing was read.'
        )
    if _LOOKS_PERSONAL.search(told) or len(told) > _LONGEST:
        raise PurposeError(
            f"The purpose ({len(told)} characters) holds an address or a number of seven digits or more, or is longer than "
            f"{_LONGEST}; it is kept for ever, so name a request or a task, no person. Nothing was read."
        )
    return told or None


def _seal(key: Keys | RoleKey) -> Sealed:
    if isinstance(key, RoleKey):
        return role_seal(key.role, key.log_secret)
    return home_seal(key.tokeniser())


def _seal_of(keys: Keys) -> Callable[[str], Callable[[str], str] | None]:
    """Every key that a line may be sealed with: the home's, and each role's."""
    roles = [role_seal(role, role_key(keys, role).log_secret) for role in ROLES]
    return dict([home_seal(keys.tokeniser()), *roles]).get


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
