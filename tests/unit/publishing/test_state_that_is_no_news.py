"""What lies in state and shapes no table makes no night new; what shapes one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.publishing.fingerprint import read_inputs
from pipelines.storage.home import create_home


@pytest.mark.parametrize(
    ("name", "is_news"),
    [
        ("desk/opinions.jsonl", False),
        ("access/log.jsonl", False),
        ("exports/ledger.jsonl", False),
        ("steward_verdicts.jsonl", True),
        ("desks/opinions.jsonl", True),
    ],
)
def test_only_what_shapes_a_table_is_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_news: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    before = read_inputs(settings).by_group().get("state", "")
    path = settings.home / "state" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}\n")
    after = read_inputs(settings).by_group().get("state", "")
    assert (before != after) is is_news
