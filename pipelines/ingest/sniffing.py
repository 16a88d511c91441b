"""What a delivered file shows of itself: format, encoding, delimiter, line of the header, sheets and member of an archive."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path, PurePosixPath

from pipelines.contracts.headers import visible_name
from pipelines.contracts.known_exports import known_names
from pipelines.contracts.model import Server
from pipelines.contracts.sample import Sample
from pipelines.errors import ContractError, DeliveryError
from pipelines.ingest.encodings import AUTO, SAMPLE_BYTES, settle_encoding
from pipelines.ingest.header_line import HEAD, header_line
from pipelines.ingest.opening import open_bytes
from pipelines.ingest.readers import read_delivery
from pipelines.ingest.sample_rows import with_rows
from pipelines.ingest.workbook import sheet_heads

_FORMATS = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx", ".parquet": "parquet", ".txt": "csv"}  # fmt: skip
_DELIMITERS = (",", "\t", ";", "|")

Cells = list[str]


def sniff(path: Path) -> Sample:
    """What a sample says for the contract of its source. Raises ContractError for a file that tells nothing."""
    try:
        return with_rows(_sniffed(path), path)
    except DeliveryError as error:
        raise ContractError(
            f"The sample cannot be read: {error} Give another, or none and fill the columns in."
        ) from None
    except OSError as error:
        raise ContractError(
            f"The sample {path} cannot be read ({type(error).__name__}); expected a file with a header line."
        ) from None


def _sniffed(path: Path) -> Sample:
    member = _member(path) if path.suffix.lower() == ".zip" else None
    inner = PurePosixPath(member or path.name.removesuffix(".gz"))
    form = _FORMATS.get(inner.suffix.lower())
    if form is None:
        raise ContractError(
            f"The sample {path} is of no known format; expected a .csv, .tsv, .txt, .jsonl, .xlsx or .parquet file, plain, .gz or "
            ".zip. Give one, or none and fill the columns in."
        )
    suffix = path.suffix if member else inner.suffix
    pattern = f"*{inner.suffix}" if member else None
    if form in ("csv", "tsv"):
        return _text(path, form, suffix, pattern)
    if form == "xlsx":
        return _workbook(path, suffix)
    server = Server(path=path.name, format=form, encoding=AUTO, member=pattern)
    columns = read_delivery(path, server).header
    return Sample(_named(columns), encoding=AUTO, format=form, suffix=suffix, member=pattern)


def _member(path: Path) -> str:
    """The one file of an archive that can be a list: a .txt beside a .csv is a note."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if "__MACOSX" not in name]
    except zipfile.BadZipFile:
        raise ContractError(f"The sample {path} is no zip that can be read; give another.") from None
    for suffixes in ((".csv", ".tsv", ".jsonl", ".ndjson"), (".txt",)):
        found = [name for name in names if PurePosixPath(name).suffix.lower() in suffixes]
        if len(found) == 1:
            return found[0]
        if found:
            break
    raise ContractError(
        f"The sample {path} holds {len(names)} files; expected one .csv, .tsv, .jsonl or .txt. Give one of them as the sample."
    )


def _text(path: Path, form: str, suffix: str, member: str | None) -> Sample:
    with open_bytes(path, member) as stream:
        head = stream.read(SAMPLE_BYTES)
    if not head:
        raise ContractError(f"The sample {path} has no header line; expected column names in its first line.")
    encoding = settle_encoding(head, AUTO, path.name)
    text = head.decode(encoding, "ignore")
    lines = list(islice(io.StringIO(text, newline=""), HEAD))  # lines as the reader counts them
    tables = {mark: [next(csv.reader([line], delimiter=mark), []) for line in lines] for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: _score(tables[mark]))
    row, cells = header_line(tables[delimiter])
    columns = _named(cells)
    if not columns:
        raise ContractError(f"The sample {path} has no header line; expected column names in its first line.")
    return Sample(
        columns,
        delimiter,
        encoding.removesuffix("-sig"),
        form,
        suffix,
        row if row > 1 else None,
        member=member,
    )


def _workbook(path: Path, suffix: str) -> Sample:
    heads = sheet_heads(path, HEAD)
    found = {
        name: header_line([[cell or "" for cell in row] for row in rows]) for name, rows in heads.items()
    }
    first = next(iter(found), None)
    row, cells = found[first] if first else (1, ())
    columns = _named(cells)
    if not columns:
        raise ContractError(
            f"The sample {path} has no header line; expected column names on its first sheet."
        )
    is_alike = len(found) > 1 and all(
        _named(names) == columns and line == row for line, names in found.values()
    )
    return Sample(
        columns,
        format="xlsx",
        suffix=suffix,
        header_row=row if row > 1 else None,
        sheet="*" if is_alike else None,
    )


def _score(rows: Iterable[Cells]) -> tuple[int, int]:
    """Known column names in the best line, then the cells of the first."""
    rows = list(rows)
    first = next((row for row in rows if any(row)), [])
    return max((known_names(row) for row in rows), default=0), len(first)


def _named(columns: Iterable[str]) -> tuple[str, ...]:
    names = map(visible_name, columns)
    return tuple(dict.fromkeys(name for name in names if name))
