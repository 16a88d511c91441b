"""Which contract each source is built with: its file, or the published version's while a breaking change waits.

A contract says how stored records are seen, not only how the next are read: with another country the same telephone
number is another one. So a source whose contract broke what was built with it is not read, and its records stay in the
view as the contract of the published version has them, until the change is taken back, declared or accepted. The same holds
where the file is broken or gone. Where nothing was built from a source, nothing can break.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.contracts.change import breaking, declared
from pipelines.contracts.change_log import Entry, accepted_digests, read_change_log
from pipelines.contracts.changes import compare, removed
from pipelines.contracts.headers import column_key
from pipelines.contracts.load import ContractSet, load_contracts
from pipelines.contracts.model import Contract
from pipelines.contracts.problems import Problem
from pipelines.publishing.built_contracts import CONTRACTS, published_contracts
from pipelines.publishing.contract_comparison import (
    ACCEPTED,
    BROKEN,
    COMPATIBLE,
    DECLARED,
    STOPPED,
    Comparison,
)
from pipelines.publishing.layout import version_dir
from pipelines.publishing.version import current_version, version_time
from pipelines.storage.checksums import file_hash

_FILES_OF_A_RUN = timedelta(seconds=1)  # a version is named by the second, its run's files came within it


@dataclass(frozen=True)
class InForce:
    """`build`: what the view is built with; `read`: whose deliveries are taken; `comparisons`: of changed contracts only.

    `replaced` names, for each source that is built with the published contract, that contract and the files it stands for;
    `incomparable` the sources whose published contract is damaged, or can be read no more by today's code.
    """

    build: ContractSet
    read: ContractSet
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    replaced: Mapping[str, tuple[Path, tuple[Path, ...]]] = field(default_factory=dict)
    incomparable: frozenset[str] = frozenset()


def contracts_in_force(home: Path, found: ContractSet | None = None) -> InForce:
    """Compare the contracts of `home` (default: as they lie there) with those of the version that readers see."""
    found = load_contracts(home) if found is None else found
    kept, damaged = published_contracts(home)
    now = {contract.id: contract for contract in found.contracts}
    changed = [
        source for source, path in kept.items() if source not in now or not _same(path, now[source].path)
    ]
    version = current_version(home)
    if not changed or version is None:
        return InForce(found, found, incomparable=damaged)
    built = load_contracts(home, version_dir(home, version) / CONTRACTS)
    before = {contract.id: contract for contract in built.contracts}
    log = read_change_log(home)
    told = {}
    for source in filter(before.get, changed):
        is_broken = any(problem.source_id == source for problem in found.problems)
        stored = _stored(home, before[source], version)
        comparison = _compare(before[source], now.get(source), stored, log, is_broken=is_broken)
        if comparison is not None:
            told[source] = comparison
    unreadable = damaged | {source for source in changed if source not in before}
    return replace(_in_force(found, told), incomparable=unreadable)


def _compare(
    before: Contract,
    after: Contract | None,
    stored: list[dict[str, Any]],
    log: list[Entry],
    *,
    is_broken: bool,
) -> Comparison | None:
    if after is None and (is_broken or not stored):
        return Comparison(before.id, BROKEN, before, None) if stored else None
    changes = (removed(before),) if after is None else compare(before, after, _delivered(stored))
    risky = breaking(changes) if stored else ()
    undeclared = [one for one in risky if after is None or not declared(one, before.version, after.version)]
    accepted = accepted_digests(log, before.id, file_hash(before.path))
    stopping = tuple(one for one in undeclared if one.digest not in accepted)
    state = STOPPED if stopping else ACCEPTED if undeclared else DECLARED if risky else COMPATIBLE
    return Comparison(before.id, state, before, after, changes, stopping)


def _in_force(found: ContractSet, told: dict[str, Comparison]) -> InForce:
    kept = {source: one.before for source, one in told.items() if one.state in (STOPPED, BROKEN)}
    good = [contract for contract in found.contracts if contract.id not in kept]
    build = sorted([*good, *kept.values()], key=lambda contract: contract.id)
    stopped = [one for one in told.values() if one.is_stopped]
    waiting = [_waiting(one) for one in stopped if one.after]
    replaced = {source: (contract.path, _files(source, found)) for source, contract in kept.items()}
    return InForce(
        ContractSet(tuple(build), found.problems),
        ContractSet(tuple(good), (*found.problems, *waiting)),
        told,
        replaced,
    )


def _files(source: str, found: ContractSet) -> tuple[Path, ...]:
    usable = [contract.path for contract in found.contracts if contract.id == source]
    return tuple(
        sorted({*usable, *(problem.file for problem in found.problems if problem.source_id == source)})
    )


def _waiting(stopped: Comparison) -> Problem:
    """For who asks whose files lie in landing: those of a stopped source wait there like those of a broken contract."""
    assert stopped.after is not None
    received = f"{len(stopped.stopping)} breaking changes"
    expected = f"what was built with version {stopped.before.version} to hold"
    return Problem(stopped.after.path, "/", received, expected, "See `ucv check`", stopped.source_id)


def _stored(home: Path, contract: Contract, version: str) -> list[dict[str, Any]]:
    """Manifests of the deliveries with rows that the version was built from; what came later was read anew."""
    until = version_time(version) + _FILES_OF_A_RUN
    folder = home / "raw" / contract.kind / contract.id
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [one for one in manifests if one["accepted"] and _loaded_at(one) <= until]


def _loaded_at(manifest: dict[str, Any]) -> datetime:
    moment = manifest.get("loaded_at")  # manifests before December 2026 do not tell it
    return datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else datetime.min.replace(tzinfo=UTC)


def _delivered(stored: list[dict[str, Any]]) -> set[str] | None:
    headers = [{column_key(name) for name in manifest["header"]} for manifest in stored]
    return set.intersection(*headers) if headers else None


def _same(kept: Path, file: Path) -> bool:
    try:
        return kept.read_bytes() == file.read_bytes()
    except FileNotFoundError:  # it went since it was read
        return False
