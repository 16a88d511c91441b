"""Loads contracts: YAML, then the standard's schema, then our rules; all problems are collected."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.contracts.columns import Table, read_table
from pipelines.contracts.customs import Customs, Node
from pipelines.contracts.document import read_document
from pipelines.contracts.durations import read_sla
from pipelines.contracts.handling import HANDLING_PROPERTIES, read_handling
from pipelines.contracts.model import Contract
from pipelines.contracts.odcs import check_standard
from pipelines.contracts.problems import Findings, Problem, shown
from pipelines.contracts.quality import read_quality
from pipelines.contracts.render import format_problems
from pipelines.contracts.server import read_server
from pipelines.contracts.terms import TERM_PROPERTIES, read_terms
from pipelines.contracts.vocabularies import ACTIVE_STATUSES, CHANNELS, STATUSES
from pipelines.errors import ContractError

__all__ = ["ContractSet", "Problem", "load_contract", "load_contracts"]

FOLDER = "contracts"
DEFAULT_CHANNEL = "internal"
CONTRACT_PROPERTIES = ("channel", "key", *HANDLING_PROPERTIES, *TERM_PROPERTIES)
"""Every custom property of a contract; another name is refused: its meaning would be lost silently."""

SOURCE_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
SOURCE_ID_RULE = "expected small letters, digits and _, starting with a letter, at most 63"
_SUFFIXES = frozenset({".yml", ".yaml"})


@dataclass(frozen=True)
class ContractSet:
    """A home's contracts: those that can be used, sorted by id, and what is wrong with the others."""

    contracts: tuple[Contract, ...]
    problems: tuple[Problem, ...]


def load_contract(path: Path, home: Path) -> Contract:
    """The contract in one file of `home`. Raises ContractError that lists every problem of the file."""
    found = _read(path, home)
    if isinstance(found, Contract):
        return found
    raise ContractError(f"The contract cannot be used.\n{format_problems(found)}")


def load_contracts(home: Path, folder: Path | None = None) -> ContractSet:
    """Every contract in `folder` (default: the contracts of `home`); never raises for what the files hold.

    A broken contract is left out and told in `problems`. Two files with one id are both left out: which of
    them is meant is for a person to say.
    """
    files, problems = _contract_files(folder or home / FOLDER)
    by_id: dict[str, list[Contract]] = defaultdict(list)
    for path in files:
        found = _read_once(path, home)
        if isinstance(found, Contract):
            by_id[found.id].append(found)
        else:
            problems.extend(found)
    contracts = []
    for _, same in sorted(by_id.items()):
        if len(same) == 1:
            contracts.extend(same)
        else:
            problems.extend(_duplicates(same))
    return ContractSet(tuple(contracts), tuple(problems))


def _contract_files(folder: Path) -> tuple[list[Path], list[Problem]]:
    findings = Findings(folder)
    try:
        files = sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")
        )
    except OSError as error:
        remedy = "Create it with `ucv init`, or set UCV_HOME to the home that has it"
        findings.add((), f"no readable folder ({type(error).__name__})", "a folder of contracts", remedy)
        return [], list(findings.problems)
    if not files:
        remedy = "Write one with `ucv contract new`, or check UCV_HOME"
        findings.add((), "no contract", "at least one *.yml file", remedy)
    return files, list(findings.problems)


def _duplicates(same: list[Contract]) -> list[Problem]:
    problems: list[Problem] = []
    for contract in same:
        others = ", ".join(other.path.name for other in same if other is not contract)
        findings = Findings(contract.path)
        findings.source_id = contract.id
        remedy = "Give each source its own id, or remove one file; neither is read until then"
        findings.add(
            ("id",), f"{contract.id}, which {others} has too", "an id that no other contract has", remedy
        )
        problems.extend(findings.problems)
    return problems


def _read_once(path: Path, home: Path) -> Contract | tuple[Problem, ...]:
    """`_read`, once per state of the file: a night asks for its contracts on every connection."""
    try:
        facts = path.stat()
    except OSError:
        return _read(path, home)
    return _read_state(path, home, (facts.st_mtime_ns, facts.st_size, facts.st_ino, facts.st_ctime_ns))


@lru_cache(maxsize=4096)
def _read_state(path: Path, home: Path, _state: tuple[int, ...]) -> Contract | tuple[Problem, ...]:
    return _read(path, home)


def _read(path: Path, home: Path) -> Contract | tuple[Problem, ...]:
    """One file as a Contract, or all its problems. `home` is where the contract's paths start from."""
    values, findings = read_document(path)
    if not values:
        return findings.problems
    check_standard(values, findings)
    contract = _interpret(values, path, home, findings)
    if contract is None and not findings:
        findings.add(
            (),
            "a contract that could not be read",
            "servers and schema as lists",
            "Start from `ucv contract new`",
        )
    return findings.problems if contract is None or findings else contract


def _interpret(values: Node, path: Path, home: Path, findings: Findings) -> Contract | None:
    """Our rules on the parsed file; tolerates every wrong form, which the standard's schema has told."""
    _check_head(values, findings)
    server = read_server(values, home, findings)
    table = read_table(values, findings)
    customs = Customs(values, (), CONTRACT_PROPERTIES, findings)
    channel = customs.choice("channel", CHANNELS) or DEFAULT_CHANNEL
    terms = read_terms(values, customs, channel, table, findings)
    sla = read_sla(values, customs, table, findings)
    handling = read_handling(customs, channel, terms.acquisition_mode, findings)
    key = _key(customs, table, findings)
    quality = read_quality(values, table, findings)
    if server and server.database and server.database.watermark and handling.delivery_mode == "snapshot":
        remedy = "Remove the watermark: a snapshot is read as a whole; or write deliveryMode incremental"
        findings.add(customs.place("deliveryMode"), "snapshot with a watermark", "one of the two", remedy)
    if server is None or table is None:
        return None
    return Contract(
        id=str(values.get("id")),
        name=str(values.get("name")),
        version=str(values.get("version")),
        kind=table.kind,
        channel=channel,
        server=server,
        columns=table.columns,
        key=key,
        terms=terms,
        sla=sla,
        default_country=handling.default_country,
        default_currency=handling.default_currency,
        delivery_mode=handling.delivery_mode,
        max_quarantine_share=handling.max_quarantine_share,
        shrink_limit=handling.shrink_limit,
        landing_retention_days=handling.landing_retention_days,
        source_rank=handling.source_rank,
        quality=quality,
        path=path,
        active=values.get("status", "active") in ACTIVE_STATUSES,
    )


def _check_head(values: Node, findings: Findings) -> None:
    identity, name, status = values.get("id"), values.get("name"), values.get("status", "active")
    if isinstance(identity, str) and not SOURCE_ID.fullmatch(identity):
        expected = SOURCE_ID_RULE.removeprefix("expected ")
        findings.add(("id",), shown(identity), expected, "Write it such as web_registrations; it names files")
    if "name" not in values or (isinstance(name, str) and not name.strip()):
        findings.add(("name",), "no name", "the name of the source for people", "Add name: …")
    if isinstance(status, str) and status not in STATUSES:
        findings.unknown(("status",), status, "a status", STATUSES)


def _key(customs: Customs, table: Table | None, findings: Findings) -> tuple[str, ...]:
    """The key's fields, or none where the contract declares `key: derived`."""
    derived = customs.choice("key", {"derived"}) == "derived"
    declared = table.key if table else ()
    if derived and declared:
        remedy = "Remove one of the two"
        findings.add(
            customs.place("key"),
            f"key: derived beside primaryKey {', '.join(declared)}",
            "one kind of key",
            remedy,
        )
    if table and not declared and not customs.has("key"):
        expected = "primaryKey: true on the columns that name a record"
        remedy = "Add it, or the custom property {property: key, value: derived} where a list has none"
        findings.add(("schema", 0, "properties"), "no key", expected, remedy)
    return () if derived else declared
