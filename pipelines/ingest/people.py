"""People who were erased, as they are met in delivered files: their rows are left out before anything is read or stored.

Who they are is told from outside (`pipelines/privacy`); here is what becomes of their rows. A row that merely resembles one
of them goes to quarantine with the reason `resembles_erased`, for a person to judge.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pipelines.contracts.headers import by_contract
from pipelines.contracts.model import Contract, Server
from pipelines.errors import DeliveryError
from pipelines.ingest.fill_down import Filler, fills
from pipelines.ingest.landed import Landed
from pipelines.ingest.opened import open_delivery, read_again
from pipelines.ingest.readers import Delivered
from pipelines.ingest.without_rows import write_without
from pipelines.storage.spill import temporary_folder

RESEMBLES_REASON = "resembles_erased"
ERASED, RESEMBLES = "erased", "resembles"


class ErasedPeople(Protocol):
    """Whoever knows the erased: by the key of a record, its canonical values, or a line that nobody could take apart."""

    @property
    def is_idle(self) -> bool: ...

    def has_record(self, source: str, record: str) -> bool: ...

    def verdict(self, contract: Contract, record: str | None, values: Mapping[str, Any]) -> str | None: ...

    def verdict_of_line(self, contract: Contract, text: str) -> str | None: ...


@dataclass(frozen=True)
class Judged:
    """Row numbers of a file, from 1: whose rows are about erased people, and whose resemble some; and how many rows there are.

    `held` counts rows as they stand once the erased ones are left out. `server` is that of the contract, with the line on which
    the header of this file stands.
    """

    erased: tuple[int, ...]
    held: tuple[int, ...]
    rows: int
    server: Server


def judge_file(
    path: Path,
    contract: Contract,
    people: ErasedPeople,
    also: Callable[[int, str | None], bool] | None = None,
) -> Judged:
    """Look at every row of a delivered file; `also` tells of further rows, by number and key, that shall go.

    Cells that the contract fills from the row above count as filled: further lines of an order go with its first.
    Raises DeliveryError where the file cannot be read.
    """
    contract, delivered = _opened(path, contract)
    fields = _fields(contract, delivered.header)
    filler = Filler(fills(contract, by_contract(delivered.header, contract)))
    erased, held, rows = [], [], 0
    for number, delivered_values, problem in delivered.rows:
        rows = number
        values = delivered_values if problem else filler.fill(delivered_values)
        told = (
            people.verdict_of_line(contract, "\x1f".join(value or "" for value in values))
            if problem
            else _judge(fields, values, contract, people)
        )
        key = None if problem else row_key(contract, dict(zip(fields, values, strict=False)))
        if told == ERASED or (also is not None and also(number, key)):
            erased.append(number)
        elif told == RESEMBLES:
            held.append(number - len(erased))
    return Judged(tuple(erased), tuple(held), rows, contract.server)


def _opened(path: Path, contract: Contract) -> tuple[Contract, Delivered]:
    """The file as ingest reads it; one that ingest refuses for its columns is searched all the same."""
    try:
        opened, delivered, _ = open_delivery(path, contract)
    except DeliveryError:
        return contract, read_again(path, contract)
    return opened, delivered


def _judge(
    fields: list[str], values: list[str | None], contract: Contract, people: ErasedPeople
) -> str | None:
    told = dict(zip(fields, values, strict=False))
    return people.verdict(contract, row_key(contract, told), told)


def _fields(contract: Contract, header: list[str]) -> list[str]:
    """The canonical field that each delivered column fills, or a name that no field has."""
    names = {column.physical_name: column.field for column in contract.columns}
    return [names.get(name, f" {name}") for name in by_contract(header, contract)]


def row_key(contract: Contract, values: Mapping[str, str | None]) -> str | None:
    """The key of a row as it was delivered, None where the contract names none."""
    parts = [(values.get(name) or "").strip() for name in contract.key]
    return "|".join(parts) if parts and all(parts) else None


@contextmanager
def without_erased(
    landed: Landed, contract: Contract, home: Path, people: ErasedPeople | None
) -> Iterator[Landed]:
    """The delivery as it may be read: where it holds erased people, a copy without them, gone when this ends.

    Its id stays that of the delivered bytes. Raises DeliveryError where the file cannot be read.
    """
    if people is None or people.is_idle:
        yield landed
        return
    judged = judge_file(landed.path, contract, people)
    if not judged.erased:
        yield replace(landed, held=judged.held)
        return
    with temporary_folder(home) as folder:
        copy = folder / landed.path.name
        write_without(landed.path, copy, judged.server, frozenset(judged.erased))
        with copy.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        kept = judged.rows - len(judged.erased)
        yield replace(
            landed,
            path=copy,
            held=judged.held,
            content=content,
            erased=len(judged.erased),
            is_emptied=not kept,
        )
