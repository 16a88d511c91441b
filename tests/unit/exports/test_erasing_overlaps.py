"""Blinded and encoded people are in files from which nobody can be taken: an erasure removes these whole, and says so."""

from __future__ import annotations

from pathlib import Path

from pipelines.exports.erasing import erase_from_exports


def test_files_of_overlaps_go_whole_with_an_erasure(tmp_path: Path) -> None:
    folder = tmp_path / "exports" / "overlap"
    folder.mkdir(parents=True)
    (folder / "p-begin.txt").write_text("{}\nab\ncd\n", "ascii")
    told: list[tuple[str, int]] = []
    erase_from_exports(tmp_path, [], [], str, lambda file, rows: told.append((file, rows)))
    assert (told, [path.name for path in folder.iterdir()]) == ([], ["p-begin.txt"])
    erase_from_exports(tmp_path, ["c1"], [], str, lambda file, rows: told.append((file, rows)))
    assert (told, list(folder.iterdir())) == ([("overlap/p-begin.txt", 2)], [])
