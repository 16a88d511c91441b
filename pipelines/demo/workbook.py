"""Writes an xlsx workbook of text cells as a stream, with fixed times inside, so that its bytes repeat."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from pipelines.demo.layouts import Cells, Layout

_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
)
_WORKBOOK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_SHEET_START = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


class WorkbookWriter:
    """xlsx with text cells, written as a stream: openpyxl takes minutes for a million and stamps the time."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._header = layout.header
        self._columns = [_column_letters(place) for place in range(len(self._header))]
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._add("[Content_Types].xml", _CONTENT_TYPES)
        self._add("_rels/.rels", _RELATION.format(kind="officeDocument", target="xl/workbook.xml"))
        self._add("xl/workbook.xml", _WORKBOOK.format(sheet=escape(layout.contract.server.sheet or "Sheet1")))
        self._add(
            "xl/_rels/workbook.xml.rels", _RELATION.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        self._sheet = self._zip.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True)
        self._sheet.write(_SHEET_START.encode())
        self._count = 0
        self.write([dict(zip(self._header, self._header, strict=True))])

    def write(self, rows: Sequence[Cells]) -> None:
        parts = []
        for row in rows:
            self._count += 1
            cells = "".join(
                f'<c r="{letters}{self._count}" t="inlineStr"><is><t>{escape(row[name])}</t></is></c>'
                for letters, name in zip(self._columns, self._header, strict=True)
                if row.get(name)
            )
            parts.append(f'<row r="{self._count}">{cells}</row>')
        self._sheet.write("".join(parts).encode())

    def close(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()

    def _add(self, name: str, text: str) -> None:
        self._zip.writestr(_entry(name), text)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _column_letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)
