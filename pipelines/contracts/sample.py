"""Reads a sample file's header and guesses which canonical field each column fills (from synonyms.csv)."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipelines.contracts.fields import canonical_fields, fields_of
from pipelines.errors import ContractError

_MOST_BYTES = 64_000
_ENCODINGS = ("utf-8-sig", "gb18030")  # tried in this order: gb18030 reads nearly everything
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True)
class Sample:
    """What a delivery's first line shows; the defaults stand for no sample."""

    columns: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    format: str = "csv"


def read_header(path: Path) -> Sample:
    """The first line of a csv or tsv file, plain or gzip. Raises ContractError if there is none to read."""
    names = path.name.lower().removesuffix(".gz")
    if not names.endswith((".csv", ".tsv", ".txt")):
        raise ContractError(
            f"The sample {path} is of no known format; expected a .csv, .tsv, .txt, .jsonl, .xlsx or .parquet file, plain or "
            ".gz. Give one, or none and fill the columns in."
        )
    text, encoding = _first_line(path)
    counts = Counter({mark: text.count(mark) for mark in _DELIMITERS})
    delimiter = counts.most_common(1)[0][0]
    columns = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter), [])]
    if not any(columns):
        raise ContractError(f"The sample {path} has no header line; expected column names in its first line.")
    named = tuple(dict.fromkeys(column for column in columns if column))
    return Sample(named, delimiter, encoding, "tsv" if names.endswith(".tsv") else "csv")


def guess_fields(columns: Sequence[str], kind: str) -> dict[str, str]:
    """Canonical field of `kind` -> delivered column, in column order; a second phone fills phone_2."""
    fields, known = fields_of(kind), _synonyms()
    mapped: dict[str, str] = {}
    for column in columns:
        meant = known.get(_plain(column), ())
        repeats = [f"{field}_{turn}" for field in meant for turn in (2, 3)]
        free = [field for field in (*meant, *repeats) if field in fields and field not in mapped]
        if free:
            mapped[free[0]] = column
    return mapped


def _first_line(path: Path) -> tuple[str, str]:
    try:
        with path.open("rb") as plain:
            zipped = plain.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else path.open("rb") as stream:
            content = stream.readline(_MOST_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        message = (
            f"The sample {path} cannot be read ({type(error).__name__}); expected a file with a header line."
        )
        raise ContractError(message) from error
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding).strip("\r\n"), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise ContractError(f"The sample {path} is neither UTF-8 nor GB18030; convert it, or give no sample.")


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Plain column name -> fields that it may mean, the canonical name itself first."""
    found: dict[str, list[str]] = {_plain(field.name): [field.name] for field in canonical_fields()}
    text = files(__package__).joinpath("synonyms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in row["names"].split():
            found.setdefault(_plain(name), []).append(row["field"])
    return {name: tuple(dict.fromkeys(fields)) for name, fields in found.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\s_.()（）-]", "", name).casefold()
