"""Writing a delivered file once more without some of its rows, in the form in which it came.

For people who were erased: what is kept of a delivery, and what lies in landing, is the file without them. Rows are told by
their number as `read_delivery` counts them; everything else of the file stays, packed and encoded as before.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

from pipelines.contracts.model import Server
from pipelines.ingest.opening import wanted_member
from pipelines.ingest.readers import unmarked
from pipelines.ingest.records import MAX_FIELD, split_with_lines
from pipelines.ingest.text_file import bounded, open_text
from pipelines.ingest.workbook import copy_workbook


def write_without(path: Path, target: Path, server: Server, rows: Collection[int]) -> None:
    """Write `target`, the file at `path` without `rows` (numbers from 1). Raises DeliveryError where it cannot be read."""
    match server.format:
        case "xlsx":
            copy_workbook(path, target, server, rows)
        case "parquet":
            _copy_parquet(path, target, rows)
        case _:
            lines = _json_lines if server.format == "jsonl" else _csv_lines
            with open_text(path, server) as file:
                text = "".join(lines(file, server, rows))
                encoding = file.encoding.removesuffix("-sig")  # a mark at the start tells nothing more
            _pack(path, target, server, text.encode(encoding))


def _csv_lines(file: io.TextIOWrapper, server: Server, rows: Collection[int]) -> Iterator[str]:
    for _ in range((server.header_row or 1) - 1):
        yield file.readline(MAX_FIELD)
    lines = (line.replace("\x00", "") for line in unmarked(bounded(file)))
    for number, (_, _, taken) in enumerate(split_with_lines(lines, server.delimiter)):
        if number not in rows:
            yield from taken


def _json_lines(file: io.TextIOWrapper, _server: Server, rows: Collection[int]) -> Iterator[str]:
    number = 0
    for line in bounded(file):
        if line.strip():
            number += 1
            if number not in rows:
                yield line


def _pack(path: Path, target: Path, server: Server, content: bytes) -> None:
    """As the file came: plain, gzip, or a zip that then holds this member alone."""
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        target.write_bytes(gzip.compress(content, mtime=0))
    elif start == b"PK\x03\x04":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(
                zipfile.ZipInfo(wanted_member(path, server.member)), content, zipfile.ZIP_DEFLATED
            )
    else:
        target.write_bytes(content)


def _copy_parquet(path: Path, target: Path, rows: Collection[int]) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only where one comes

    file = pq.ParquetFile(path)
    number = 0
    with pq.ParquetWriter(target, file.schema_arrow, compression="zstd") as writer:
        for batch in file.iter_batches(50_000):
            kept = [place for place in range(batch.num_rows) if number + place + 1 not in rows]
            number += batch.num_rows
            if kept:
                writer.write_batch(batch.take(kept))
