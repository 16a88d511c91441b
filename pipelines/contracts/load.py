"""Loads contracts: YAML, then the standard's schema, then our rules; all problems are collected."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.contracts.document import read_document
from pipelines.contracts.interpret import interpret
from pipelines.contracts.model import Contract
from pipelines.contracts.odcs import check_standard
from pipelines.contracts.problems import Findings, Problem
from pipelines.contracts.render import format_problems
from pipelines.errors import ContractError

__all__ = ["ContractSet", "Problem", "load_contract", "load_contracts"]

FOLDER = "contracts"
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
    contract = interpret(values, path, home, findings)
    if contract is None and not findings:
        findings.add(
            (),
            "a contract that could not be read",
            "servers and schema as lists",
            "Start from `ucv contract new`",
        )
    return findings.problems if contract is None or findings else contract
