"""The quick way through a regular CSV: Arrow's reader, a few million fields a second, memory bounded by the block.

It takes a file only where it would give exactly the rows that the careful reader gives. Any row of another width, NUL
byte, stray quotation mark or damage raises IrregularError, and the file is read again by the careful reader.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
from pyarrow import compute
from pyarrow import csv as arrow_csv

from pipelines.contracts.model import Server
from pipelines.ingest.encodings import SAMPLE_BYTES, settle_encoding
from pipelines.ingest.opening import open_bytes

_BLOCK = 4 << 20
CONTROL = bytes({*range(0x20)} - set(b"\t\n\r"))
"""Bytes that are no part of any text; `casting` removes them."""
MAX_FIELD = 1_000_000  # a longer field is for the careful reader to judge


class IrregularError(Exception):
    """The file needs the careful reader."""


class _Checked(io.RawIOBase):
    """UTF-8 bytes of the file; raises IrregularError for what the two readers might understand differently.

    Where text `is_clean`, control characters are irregular too.
    """

    def __init__(self, inner: IO[bytes], delimiter: str, encoding: str, *, is_clean: bool) -> None:
        super().__init__()
        self._forbidden = CONTROL if is_clean else b"\x00"
        self._mark = delimiter.encode()
        mark = re.escape(self._mark)
        # Whole fields up to their end, each plain or properly quoted; possessive, so that nothing is tried twice.
        field = rb'(?:[^"%s\r\n]*+|"(?:[^"]++|"")*+")' % mark
        self._fields = re.compile(rb"(?:%s[%s\r\n])*+" % (field, mark))
        self._last_field = re.compile(field)
        self._inner, self._rest, self._is_start = inner, b"", True
        self._held = b""
        # Arrow checks UTF-8 itself, and faster.
        is_utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
        self._decoder = None if is_utf8 else codecs.getincrementaldecoder(encoding)("strict")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._inner.read(_BLOCK if size < 0 else size)
        if self._decoder:
            content = self._decoder.decode(block, final=not block).encode("utf-8")
        else:
            content = block.removeprefix(codecs.BOM_UTF8) if self._is_start else block
        content, self._held = self._held + content, b""
        if block and content.endswith(b"\r"):
            # Arrow drops a line feed at the start of a block after a carriage return, inside of quotes too.
            content, self._held = content[:-1], b"\r"
        self._check(content, is_last=not block)
        return content if content or not block else self.read(size)

    def _check(self, content: bytes, *, is_last: bool) -> None:
        if len(content.translate(None, self._forbidden)) != len(content):
            raise IrregularError
        if self._is_start and content[:1] in (b"\r", b"\n"):
            raise IrregularError
        self._is_start = self._is_start and not content
        rest = self._rest + content
        if b'"' not in rest:  # plain fields only; the last may go on in the next block
            rest = rest[max(map(rest.rfind, (self._mark, b"\n", b"\r"))) + 1 :]
        found = self._fields.match(rest)
        rest = rest[found.end() if found else 0 :]
        if len(rest) > MAX_FIELD or (is_last and not self._last_field.fullmatch(rest)):
            raise IrregularError
        self._rest = rest


def read_regular(
    path: Path, server: Server, header: list[str], *, is_clean: bool = False
) -> Iterator[pa.RecordBatch]:
    """Batches of text columns c0, c1, … in file order. Raises IrregularError, and then the batches so far are void."""
    names = [f"c{index}" for index in range(len(header))]
    with open_bytes(path, server.member) as probe:
        encoding = settle_encoding(probe.read(SAMPLE_BYTES), server.encoding, path.name)
    try:
        with open_bytes(path, server.member) as binary:
            checked = pa.PythonFile(_Checked(binary, server.delimiter, encoding, is_clean=is_clean), mode="r")
            yield from _batches(checked, server, names)
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeError, OSError, EOFError) as error:
        raise IrregularError from error  # the careful reader tells what it is, or takes it


def _batches(source: Any, server: Server, names: list[str]) -> Iterator[pa.RecordBatch]:
    reader = arrow_csv.open_csv(
        source,
        # The header's own line counts as a row to skip: names may be empty or odd, positions are not.
        arrow_csv.ReadOptions(use_threads=True, block_size=_BLOCK, column_names=names, skip_rows=1),
        arrow_csv.ParseOptions(delimiter=server.delimiter, newlines_in_values=True),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
        ),
    )
    for batch in reader:
        longest = (compute.max(compute.binary_length(column)).as_py() or 0 for column in batch.columns)
        if any(length > MAX_FIELD for length in longest):
            raise IrregularError
        yield batch


def is_candidate(server: Server, header: list[str]) -> bool:
    """Whether the quick reader may try; it skips the header as one line."""
    is_one_line = not any("\n" in name or "\r" in name for name in header)
    return server.format == "csv" and server.header_row in (None, 1) and is_one_line
