"""The first rows of a sample, column by column, and with which signs their numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipelines.contracts.headers import visible_name
from pipelines.contracts.model import Server
from pipelines.contracts.sample import Sample
from pipelines.errors import DeliveryError
from pipelines.ingest.no_records import no_record
from pipelines.ingest.number_forms import signs_of
from pipelines.ingest.readers import read_delivery
from pipelines.ingest.records import Row

_ROWS = 20_000


def with_rows(sample: Sample, path: Path) -> Sample:
    """The sample with what its first rows show; as it was where they cannot be read, which is not told here."""
    server = Server(
        path=path.name,
        format=sample.format,
        encoding=sample.encoding,
        delimiter=sample.delimiter,
        sheet=sample.sheet,
        header_row=sample.header_row,
        member=sample.member,
    )
    try:
        delivered = read_delivery(path, server, frozenset(sample.columns))
        columns = _columns(delivered.header, islice(delivered.rows, _ROWS))
    except DeliveryError:
        return sample
    found = {name: signs_of({cell for cell in cells if cell}) for name, cells in columns.items()}
    return replace(
        sample,
        number_signs={name: signs for name, (signs, _) in found.items() if signs},
        doubtful_numbers=frozenset(name for name, (_, is_doubtful) in found.items() if is_doubtful),
        values={name: tuple(cells) for name, cells in columns.items()},
    )


def _columns(header: list[str], rows: Iterable[Row]) -> dict[str, list[str | None]]:
    names = [visible_name(name) for name in header]
    columns: dict[str, list[str | None]] = {name: [] for name in names if name}
    for _, values, problem in rows:
        if problem is None and no_record(values, header, {}, ()) is None:
            for name, value in zip(names, values, strict=True):
                if name:
                    columns[name].append(value.strip() or None if value else None)
    return columns
