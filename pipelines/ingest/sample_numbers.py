"""With which signs the numbers of a sample are written, column by column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipelines.contracts.model import Server
from pipelines.contracts.sample import Sample
from pipelines.errors import DeliveryError
from pipelines.ingest.number_forms import signs_of
from pipelines.ingest.readers import Row, read_delivery

_ROWS = 20_000


def with_number_signs(sample: Sample, path: Path) -> Sample:
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
    found = {name: signs_of(texts) for name, texts in columns.items()}
    return replace(
        sample,
        number_signs={name: signs for name, (signs, _) in found.items() if signs},
        doubtful_numbers=frozenset(name for name, (_, is_doubtful) in found.items() if is_doubtful),
    )


def _columns(header: list[str], rows: Iterable[Row]) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {name: set() for name in header if name}
    for _, values, problem in rows:
        if problem is None:
            for name, value in zip(header, values, strict=True):
                if name and value:
                    columns[name].add(value)
    return columns
