"""Readers in another process during twenty publishes: no error, and every answer is of one version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.publishing_home import Home

READER = Path(__file__).with_name("endless_reader.py")
NIGHTS, ROWS = 20, 2000


def test_no_reader_fails_or_sees_two_versions_while_twenty_are_published(tmp_path: Path) -> None:
    home = Home(
        tmp_path / "home", keep_versions=2
    )  # the version that a kept connection reads is removed meanwhile
    home.publish(home.build(1, rows=ROWS))
    command = [sys.executable, str(READER), str(home.path), home.keys.master.hex()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "READY\n"
        for night in range(2, NIGHTS + 2):
            home.publish(home.build(night, rows=ROWS))
        told = json.loads(reader.communicate()[0])
    assert told["errors"] == []
    assert told["mixed"] == []
    assert told["seen"]["kept"] == [1], "an open connection stays on its version"
    assert told["seen"]["plain"] == [1]
    nights = told["seen"]["query"]
    assert nights == sorted(nights)
    assert len(nights) > 3, "the control: the reader did read while versions changed"
    assert not (home.path / "warehouse" / "versions" / "current").resolve().name.endswith(".tmp")
