"""Files that wait to take the place of others once keys change, and what they were made from."""

from __future__ import annotations

from pathlib import Path

from pipelines.storage.append_log import append_line, read_lines
from pipelines.storage.durable import remove_file
from pipelines.storage.key_period import is_changing, prepared_log

PREPARED = ".rekeyed"
_ENCRYPTED = ("raw", "quarantine", "state", "warehouse")


def prepared_path(path: Path) -> Path:
    """Where the new file waits; a sibling, so that it is put in place by one rename on whatever disk."""
    return path.with_name(f".{path.name}{PREPARED}")


def note_prepared(home: Path, path: Path, sha256: str, period: int) -> None:
    """Remember that what takes the place of a file is ready, and what the file was then."""
    facts = path.stat()
    name = path.relative_to(home).as_posix()
    told = {"path": name, "size": facts.st_size, "modified": facts.st_mtime_ns}
    append_line(prepared_log(home), {**told, "sha256": sha256, "period": period})


def kept_from_before(home: Path) -> dict[Path, str]:
    """File -> SHA-256 of what an earlier call prepared for it, where the file is still the same."""
    found = {}
    for line in read_lines(prepared_log(home)):
        path = home / line["path"]
        if prepared_path(path).is_file() and _is_same(path, line):
            found[path] = str(line["sha256"])
    return found


def drop_stale(home: Path, period: int | None = None) -> int:
    """Remove what was prepared for files that changed or went since, or for another period than the one given; returns how many.

    So nothing of a person who was erased, or of rows past their term, outlives them in a file that waits.
    """
    if is_changing(home):
        return 0
    lines = read_lines(prepared_log(home))
    good = {
        prepared_path(home / line["path"])
        for line in lines
        if period in (None, line["period"]) and _is_same(home / line["path"], line)
    }
    stale = [path for path in prepared_files(home) if path not in good]
    for path in stale:
        path.unlink()
    if not good:
        remove_file(prepared_log(home))
    return len(stale)


def prepared_files(home: Path) -> list[Path]:
    """What waits to be put in place."""
    return sorted(
        path for folder in _ENCRYPTED for path in (home / folder).rglob(f".*{PREPARED}*") if path.is_file()
    )


def _is_same(path: Path, line: dict[str, object]) -> bool:
    if not path.is_file():
        return False
    facts = path.stat()
    return (facts.st_size, facts.st_mtime_ns) == (line["size"], line["modified"])
