"""Taking erased people out of exported files that are kept here. Whoever was sent one keeps his copy: the receipt names the exports.

A file is written anew and put in place by one rename. Its checksum then differs from the ledger's, which is only ever added to:
`state/exports/rewritten.jsonl` tells the new one, sealed with the home's key, before the file changes.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.exports.hashing import hashed_email, hashed_phone
from pipelines.exports.ledger import Token, ledger_folder, read_ledger
from pipelines.exports.request import HASHED, SPREADSHEET, ExportError
from pipelines.exports.rows import recipient_of
from pipelines.storage.append_log import append_line, read_lines
from pipelines.storage.checksums import file_hash
from pipelines.storage.durable import sync_directory, sync_file

Note = Callable[[str, int], None]
"""Called with a file and the number of rows that go, before it changes."""


def erase_from_exports(
    home: Path, customers: Iterable[str], contacts: Collection[str], token: Token, note: Note
) -> None:
    """Rewrite every exported file in which one of `customers` is. `contacts` are their addresses and numbers as exported, by
    which a hashed file knows them. Raises LedgerError when the ledger is damaged."""
    people = sorted(customers)
    if people:
        _remove_overlaps(home, note)
    hashes = {hash_ for one in contacts if (hash_ := _hashed(one))}
    for entry in read_ledger(home, token):
        export_id = str(entry["export_id"])
        recipients = {recipient_of(export_id, customer, token) for customer in people}
        for folder in (home / "exports" / export_id, home / "exports" / f".{export_id}.half"):
            for path in sorted(folder.glob("*")) if folder.is_dir() else ():
                if path.suffix in (".csv", ".parquet") and not path.name.startswith("."):
                    wanted = (
                        hashes if entry.get("form") == HASHED and path.name == entry["file"] else recipients
                    )
                    _rewrite(home, entry, path, wanted, token, note)


def _remove_overlaps(home: Path, note: Note) -> None:
    """Files of overlaps with partners tell nobody's name, so that nobody can be taken out of them: they go whole. They were sent,
    and a new session makes new ones."""
    for path in sorted((home / "exports" / "overlap").glob("*.txt")):
        note(f"overlap/{path.name}", len(path.read_bytes().splitlines()) - 1)
        path.unlink()


def is_rewritten(home: Path, entry: Mapping[str, Any], sha256: str, token: Token) -> bool:
    """Whether a file of an export differs from its ledger line only because people were erased from it."""
    told = {"export_id": entry["export_id"], "file": entry["file"], "sha256": sha256}
    return any(line.get("seal") == _seal(told, token) for line in read_lines(_log(home)))


def _rewrite(  # noqa: PLR0913, PLR0917 - one file and whom it may hold
    home: Path, entry: Mapping[str, Any], path: Path, wanted: Collection[str], token: Token, note: Note
) -> None:
    half = path.with_name(f".{path.name}.erasing")
    half.unlink(missing_ok=True)
    write = _without_in_parquet if path.suffix == ".parquet" else _without_in_csv
    gone = write(path, half, wanted, is_for_people=entry.get("form") == SPREADSHEET)
    if not gone:
        half.unlink(missing_ok=True)
        return
    os.chmod(half, 0o600)
    sync_file(half)
    note(f"{entry['export_id']}/{path.name}", gone)
    told = {"export_id": entry["export_id"], "file": path.name, "sha256": file_hash(half)}
    append_line(_log(home), {**told, "seal": _seal(told, token)})
    os.replace(half, path)
    sync_directory(path.parent)


def _without_in_csv(path: Path, target: Path, wanted: Collection[str], *, is_for_people: bool) -> int:
    text = path.read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    kept = [row for row in rows if row[0] not in wanted]
    with target.open("w", encoding="utf-8-sig" if is_for_people else "utf-8", newline="") as stream:
        writer = csv.writer(
            stream,
            lineterminator="\r\n" if is_for_people else "\n",
            quoting=csv.QUOTE_ALL if is_for_people else csv.QUOTE_MINIMAL,
        )
        writer.writerows([header, *kept])
    return len(rows) - len(kept)


def _without_in_parquet(path: Path, target: Path, wanted: Collection[str], *, is_for_people: bool) -> int:
    import pyarrow.parquet as pq  # noqa: PLC0415

    del is_for_people
    table = pq.read_table(path)
    kept = [place for place, one in enumerate(table.column(0).to_pylist()) if one not in wanted]
    pq.write_table(table.take(kept), target, compression="zstd")
    return int(table.num_rows) - len(kept)


def _hashed(contact: str) -> str | None:
    if "@" in contact:
        return hashed_email(contact)
    try:
        return hashed_phone(contact)
    except ExportError:
        return None  # as some source wrote it; a hashed file has it in international form


def _log(home: Path) -> Path:
    return ledger_folder(home) / "rewritten.jsonl"


def _seal(told: Mapping[str, Any], token: Token) -> str:
    return token("export-rewritten/" + "/".join(str(told[name]) for name in ("export_id", "file", "sha256")))
