"""Whatever is damaged in a home is noticed by its checksum before it is used, named, and restored where it can be."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from delivery_home import GOOD, HEADER, LOADED, SECRET, Home
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.identity.state import create_state_views
from pipelines.identity.verdicts import CANNOT_LINK, VerdictError, record_verdicts, verdicts_path
from pipelines.identity.verdicts import read_verdicts as read_steward_verdicts
from pipelines.ingest.manifests import list_deliveries
from pipelines.publishing.fingerprint import read_inputs
from pipelines.storage.checksums import DamageError
from pipelines.storage.connection import connect

FIRST = HEADER + f"1,{SECRET},2026-01-01\n2,b,2026-01-01\n3,c,never\n"
SECOND = HEADER + "1,new,2026-01-02\n2,b,2026-01-01\n4,d,2026-01-02\n"
COLUMNS = "source_record_id, full_name, registered_at, delivery_id, row_number, loaded_at, record_hash"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Two deliveries taken on two nights; the second one corrects, repeats and adds. Landing is empty again."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    for night, text in enumerate((FIRST, SECOND)):
        contract = home.source("people", {f"{night}.csv": text})
        path = home.landing("people") / f"{night}.csv"
        os.utime(path, (LOADED.timestamp() + 86_400 * night,) * 2)
        (report,) = home.take(contract, LOADED + timedelta(days=night))
        assert report.rows_in == 3
        path.unlink()
    return home


def verify(home: Home, *words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["verify", *words, "--home", str(home.root)], env={"COLUMNS": "400"})
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    assert SECRET not in ended.output
    return ended.exit_code, ended.output


def flip(path: Path) -> None:
    """One bit in the middle, as a worn disk changes it."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def swap(path: Path) -> None:
    """Another file of this home, which opens with its key."""
    others = [other for other in sorted(path.parent.glob(f"*{path.suffix}")) if other != path]
    shutil.copyfile(others[0], path)


DAMAGES: list[Callable[[Path], None]] = [flip, swap, Path.unlink, lambda path: os.truncate(path, 40)]
PARTS = {"parquet": "accepted rows", "original": "sealed original", "json": "manifest"}


def part(home: Home, suffix: str) -> Path:
    """That file of the first delivery: the second one was judged against it."""
    manifest = min(list_deliveries(home.root), key=lambda manifest: str(manifest["loaded_at"]))
    return home.root / "raw" / "registration" / "people" / f"{manifest['delivery_id']}.{suffix}"


def test_a_whole_home_verifies_and_gives_its_inputs(home: Home) -> None:
    assert verify(home) == (0, "All that the home keeps is as it was written.\n")
    assert read_inputs(home.settings).lines


@pytest.mark.parametrize("damage", DAMAGES, ids=["flip", "swap", "gone", "short"])
@pytest.mark.parametrize("suffix", ["parquet", "json"])
def test_damaged_raw_stops_before_it_is_used_and_is_restored(
    home: Home, suffix: str, damage: Callable[[Path], None]
) -> None:
    before, manifests, path = home.rows(COLUMNS), list_deliveries(home.root), part(home, suffix)
    damage(path)
    with pytest.raises(DamageError, match=rf"(?s)people.*{path.stem}.*verify --repair"):
        read_inputs(home.settings)
    contract = home.source("people", {"new.csv": GOOD})
    if not (suffix == "json" and not path.exists()):  # of a delivery without a manifest ingest knows nothing
        with pytest.raises(DamageError, match="readers keep"):
            home.take(contract)
    (home.landing("people") / "new.csv").unlink()
    code, told = verify(home)
    assert (code, f"people: {PARTS[suffix]} of delivery {path.stem}" in told) == (1, True), told
    assert verify(home, "--repair")[0] == 0
    assert home.rows(COLUMNS) == before
    unstable = {"parquet_sha256", "quarantine_sha256", "checksum"}
    for old, new in zip(manifests, list_deliveries(home.root), strict=True):
        assert {k: v for k, v in old.items() if k not in unstable} == {
            k: v for k, v in new.items() if k not in unstable
        }
    assert verify(home)[0] == 0
    read_inputs(home.settings)


@pytest.mark.parametrize("damage", [flip, Path.unlink])
def test_rejected_rows_are_restored_too(home: Home, damage: Callable[[Path], None]) -> None:
    (path,) = (home.root / "quarantine").rglob("*.parquet")
    damage(path)
    code, told = verify(home)
    assert (code, f"rejected rows of delivery {path.stem}" in told) == (1, True)
    assert verify(home, "--repair")[0] == 0
    (manifest,) = [m for m in list_deliveries(home.root) if m["quarantined"]]
    assert path.stem == manifest["delivery_id"]


@pytest.mark.parametrize("damage", [flip, swap, Path.unlink])
def test_a_damaged_original_is_sealed_anew_from_landing_or_told(
    home: Home, damage: Callable[[Path], None]
) -> None:
    path = part(home, "original")
    damage(path)
    code, told = verify(home, "--repair")
    assert (code, "0.csv no longer lies in landing" in told) == (1, True)
    (home.landing("people") / "again.csv").write_text(FIRST, "utf-8")
    assert verify(home, "--repair")[0] == 0
    assert verify(home)[0] == 0


def test_rows_that_come_out_otherwise_are_not_put_in_their_place(home: Home) -> None:
    path = part(home, "parquet")
    contract = home.root / "contracts" / "people.yml"
    text = contract.read_text("utf-8")
    other = "required: true, logicalTypeOptions: {maximum: 2025-12-31}"
    contract.write_text(
        text.replace("logicalType: timestamp, required: true", f"logicalType: timestamp, {other}")
    )
    path.unlink()
    code, told = verify(home, "--repair")
    assert (code, path.exists()) == (1, False), told
    assert "comes out otherwise" in told


def test_a_manifest_and_its_copy_gone_is_told_and_nothing_is_made_up(home: Home) -> None:
    path = part(home, "json")
    flip(path)
    flip(path.with_name(f"{path.name}.copy"))
    code, told = verify(home, "--repair")
    assert (code, "Neither" in told) == (1, True)


def test_a_changed_steward_verdict_is_noticed(home: Home) -> None:
    record_verdicts(home.root, CANNOT_LINK, [("a" * 32, "b" * 32)], date(2026, 1, 1))
    path = verdicts_path(home.root)
    assert len(read_steward_verdicts(home.root)) == 1
    path.write_text(path.read_text("utf-8").replace("cannot_link", "must_link"), "utf-8")
    with pytest.raises(VerdictError, match=r"Line 1 .* damaged"):
        read_steward_verdicts(home.root)
    assert verify(home)[0] == 1
    old = json.dumps({"verdict": "must_link", "token_a": "a", "token_b": "b", "at": "2026-01-01"})
    path.write_text(f"{old}\n", "utf-8")
    assert len(read_steward_verdicts(home.root)) == 1, "one of before December 2026"


def test_a_changed_match_model_is_noticed(home: Home) -> None:
    import pandas as pd  # noqa: PLC0415

    from pipelines.identity.state import MODEL_COLUMNS, store_model  # noqa: PLC0415

    path = store_model(pd.DataFrame([dict.fromkeys(MODEL_COLUMNS, 1)]), home.root, "20260101")
    assert path is not None
    with connect(home.settings) as conn:
        create_state_views(conn, home.root)
        path.write_text(path.read_text("utf-8").replace("1,1", "2,1"), "utf-8")
        with pytest.raises(DamageError, match="match model"):
            create_state_views(conn, home.root)
    assert "match model" in verify(home)[1]
