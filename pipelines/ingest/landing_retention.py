"""Removing delivered files from landing once they are kept elsewhere: `landingRetention` of the contracts.

What lies in landing lies there in the clear. A file goes when each source that reads it has stored it, its raw rows and its
sealed original are what was written, readers see a version with it, and the source's term has passed since. A refused,
unfinished, changed or linked file is in no raw and stays.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.contracts.load import ContractSet
from pipelines.contracts.model import Contract
from pipelines.ingest.arrivals import landed_files
from pipelines.ingest.manifests import Manifest, is_expired, list_deliveries, taken_at
from pipelines.ingest.originals import is_original_intact
from pipelines.ingest.raw_store import is_intact
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash
from pipelines.storage.keys import Keys

_PATTERN = re.compile(r"landing/[^\"'\s,}#]+")
_REMOVED = "removed"
_FILES_OF_A_RUN = timedelta(seconds=1)


@dataclass(frozen=True)
class Removals:
    """Files by source: removed; kept although their term has passed, with a word why."""

    removed: dict[str, int]
    kept: dict[str, dict[str, int]]


class _Deliveries:
    """What one source has stored, by delivery_id, and of which of it the term has passed."""

    def __init__(self, contract: Contract, home: Path, published: Sequence[datetime], now: datetime) -> None:
        manifests = list_deliveries(home, contract.kind, contract.id)
        term = timedelta(days=contract.landing_retention_days)
        self.due = {
            str(m["delivery_id"]): m for m in manifests
            if (since := _seen_since(m, home, published)) is not None and since + term <= now
        }  # fmt: skip
        self._not_due = {
            (m["file_name"], m["delivered_at"]) for m in manifests if m["delivery_id"] not in self.due
        }

    def may_hold(self, path: Path) -> bool:
        """Whether it is worth reading the file to see if it is due."""
        moment = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None).isoformat()
        return bool(self.due) and (path.name, moment) not in self._not_due


def clean_landing(
    contracts: ContractSet, settings: Settings, keys: Keys, published: Sequence[datetime], now: datetime
) -> Removals:
    """Remove what may go; a file that cannot be removed is told and harms nothing else.

    To be called while the home is locked and readers see a version made from all of raw. `published` are the moments (with
    time zone) at which good versions were published, `now` when this run began.
    """
    home = settings.home
    local = [contract for contract in contracts.contracts if contract.server.type == "local"]
    stored = {contract.id: _Deliveries(contract, home, published, now) for contract in local}
    readers: dict[Path, list[Contract]] = defaultdict(list)
    for contract in local:
        for path in landed_files(contract, home):
            readers[path].append(contract)
    claimed = _claimed_by_broken(contracts)
    removed: Counter[str] = Counter()
    kept: dict[str, Counter[str]] = defaultdict(Counter)
    for path, sources in readers.items():
        deliveries = [stored[contract.id] for contract in sources]
        if _is_claimed(path, home, claimed) or not _is_own_file(path, home):
            continue
        try:
            outcome = _remove(path, deliveries, home, keys)
        except OSError as error:
            outcome = f"not removable ({error.strerror or type(error).__name__})"
        for contract in sources if outcome else ():
            if outcome == _REMOVED:
                removed[contract.id] += 1
            else:
                kept[contract.id][str(outcome)] += 1
    return Removals(dict(removed), {source: dict(why) for source, why in kept.items()})


def _remove(path: Path, deliveries: list[_Deliveries], home: Path, keys: Keys) -> str | None:
    """`removed`, why a due file stays, or None for one that is not due. Raises OSError."""
    if not all(delivery.may_hold(path) for delivery in deliveries):
        return None
    facts = path.stat()
    delivery_id = file_hash(path)[:32]
    manifests = [delivery.due.get(delivery_id) for delivery in deliveries]
    if None in manifests:
        return None
    if not all(m and (is_expired(m) or _is_kept_whole(home, m, keys)) for m in manifests):
        return "raw does not verify"
    now = path.stat()
    if (facts.st_size, facts.st_mtime_ns, facts.st_ino) != (now.st_size, now.st_mtime_ns, now.st_ino):
        return None  # another one was put there meanwhile
    path.unlink()
    return _REMOVED


def _is_kept_whole(home: Path, manifest: Manifest, keys: Keys) -> bool:
    """Whether rows and original of a delivery are what was written."""
    return is_intact(home, manifest) and is_original_intact(home, manifest, keys)


def _seen_since(manifest: Manifest, home: Path, published: Iterable[datetime]) -> datetime | None:
    """When readers first saw a version with this delivery: published by the run that stored it or a later one; or None."""
    stored = taken_at(home, manifest)
    # The run published as of its beginning; its files have moments of their own, microseconds after it.
    return min((moment for moment in published if moment > stored - _FILES_OF_A_RUN), default=None)


def _is_own_file(path: Path, home: Path) -> bool:
    """A plain file below landing, not something that a link leads to."""
    landing = (home / "landing").resolve()
    return path.is_file() and not path.is_symlink() and landing in path.resolve().parents


def _claimed_by_broken(contracts: ContractSet) -> set[str]:
    """Patterns in contracts that cannot be used now: their files wait for the day when they are mended."""
    found: set[str] = set()
    for file in {problem.file for problem in contracts.problems}:
        if file.is_file():
            found.update(_PATTERN.findall(file.read_text(encoding="utf-8", errors="replace")))
            found.add(f"landing/{file.stem}/*")
    return found


def _is_claimed(path: Path, home: Path, patterns: set[str]) -> bool:
    name = path.relative_to(home).as_posix()
    return any(fnmatchcase(name, pattern) for pattern in patterns)
