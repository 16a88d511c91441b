"""A backup restores byte for byte; a foreign or damaged archive restores nothing."""

from __future__ import annotations

import io
import json
import os
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.publishing.backup import BackupError, backup
from pipelines.publishing.restore import restore
from pipelines.settings import Settings

FILES = {
    "state/identity_ledger/000001-v.parquet": b"ledger" * 1000,
    "state/versions.jsonl": b"{}\n",
    "raw/registration/web/d1.parquet": bytes(range(256)) * 9000,
    "raw/registration/门店/空 白.parquet": b"",
    "contracts/web.yml": b"id: web",
    "ucv.toml": b'home_id = "x"',
}
LEFT_OUT = {
    "landing/web/a.csv": b"clear text",
    "warehouse/dev/warehouse.duckdb": b"x",
    "dagster/history.db": b"x",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    for name, content in {**FILES, **LEFT_OUT}.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (home / "warehouse" / "versions" / "v1").mkdir(parents=True)
    (home / "warehouse" / "versions" / "v1" / "manifest.json").write_text("manifest")
    (home / "warehouse" / "versions" / "current").symlink_to("v1")
    return Settings(home=home, home_id="x", key_file=tmp_path / "key.json")


def contents(home: Path) -> dict[str, bytes]:
    return {
        path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()
    }


def test_what_comes_back_is_what_went_in(settings: Settings, tmp_path: Path) -> None:
    report = backup(settings, tmp_path / "out" / "backup.tar")
    (tmp_path / "new").mkdir()
    assert restore(report.archive, tmp_path / "new") == report.files
    found = contents(tmp_path / "new")
    assert b'"archive": "backup.tar"' in found.pop("state/keys/backups.jsonl"), (
        "it knows of itself and of its key"
    )
    assert found == {**FILES, "warehouse/backed_up_manifest.json": b"manifest"}


def test_the_key_is_not_inside_and_the_message_says_so(settings: Settings, tmp_path: Path) -> None:
    settings.key_path.write_text("the secret key")
    report = backup(settings, tmp_path / "backup.tar")
    assert b"the secret key" not in report.archive.read_bytes()
    assert "NOT included" in report.message
    assert str(settings.key_path) in report.message
    assert report.archive.stat().st_mode & 0o777 == 0o600


def test_a_backup_overwrites_nothing_and_leaves_no_half(settings: Settings, tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    target.write_text("older")
    with pytest.raises(BackupError, match="exists"):
        backup(settings, target)
    assert target.read_text() == "older"
    with pytest.raises(BackupError, match="outside"):
        backup(settings, settings.home / "state" / "backup.tar")
    (settings.home / "raw" / "linked").symlink_to(tmp_path)
    with pytest.raises(BackupError, match="link to a folder"):
        backup(settings, tmp_path / "other.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home"]


def test_a_home_that_is_not_empty_is_refused(settings: Settings, tmp_path: Path) -> None:
    report = backup(settings, tmp_path / "backup.tar")
    before = contents(settings.home)
    with pytest.raises(SettingsError, match="not empty"):
        restore(report.archive, settings.home)
    assert contents(settings.home) == before


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9])
def test_a_cut_archive_restores_nothing(settings: Settings, tmp_path: Path, place: float) -> None:
    archive = backup(settings, tmp_path / "backup.tar").archive
    os.truncate(archive, int(archive.stat().st_size * place))
    with pytest.raises(BackupError):
        restore(archive, tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "home"]


def test_a_changed_byte_is_noticed(settings: Settings, tmp_path: Path) -> None:
    archive = backup(settings, tmp_path / "backup.tar").archive
    content = archive.read_bytes()
    assert content.count(b"ledgerledger") > 1
    archive.write_bytes(content.replace(b"ledgerledger", b"ledgerLedger", 1))
    with pytest.raises(BackupError, match=r"000001-v\.parquet"):
        restore(archive, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(b"no tar at all" * 100)
    with pytest.raises(BackupError, match="no backup"):
        restore(tmp_path / "a.tar", tmp_path / "new")
    with pytest.raises(BackupError, match="No archive at"):
        restore(tmp_path / "b.tar", tmp_path / "new")


def crafted(path: Path, member: tarfile.TarInfo, content: bytes = b"x") -> Path:
    """An archive whose list agrees with its content, so that only the member itself can be refused."""
    index = {"files": {member.name: {"sha256": sha256(content).hexdigest(), "size": len(content)}}}
    with tarfile.open(path, "w") as archive:
        member.size = len(content) if member.isreg() else 0
        archive.addfile(member, io.BytesIO(content))
        info = tarfile.TarInfo("backup.json")
        text = json.dumps(index).encode()
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "state/../../evil",
        "/tmp/evil",
        "state//evil",
        "./state/evil",
        "evil",
        "warehouse/versions/current",
        "state",
        "state/..",
        "raw/a\\..\\b",
    ],
)
def test_names_that_climb_out_are_refused(tmp_path: Path, name: str) -> None:
    archive = crafted(tmp_path / "a.tar", tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="not ours"):
        restore(archive, tmp_path / "home" / "new")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.tar"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    member = tarfile.TarInfo("state/link")
    member.type, member.linkname = kind, "/etc/passwd"
    with pytest.raises(BackupError, match="no plain file"):
        restore(crafted(tmp_path / "a.tar", member), tmp_path / "new")


def test_the_crafted_archive_is_accepted_with_a_good_name(tmp_path: Path) -> None:
    assert restore(crafted(tmp_path / "a.tar", tarfile.TarInfo("state/good")), tmp_path / "new") == 1
