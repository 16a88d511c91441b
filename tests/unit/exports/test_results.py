"""What a receiver tells is taken whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipelines.exports.request import ExportError
from pipelines.exports.results import Result, parse_results


def test_events_are_read_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_text(
        "\ufeffrecipient,event,at\nab12,bounced,2031-03-02T09:00:00\n\nab12,sent,2031-03-02\n", "utf-8"
    )
    assert parse_results(path) == [
        Result("ab12", "bounced", datetime(2031, 3, 2, 9)), Result("ab12", "sent", datetime(2031, 3, 2)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "expected the columns"),
        ("recipient;event;at\n", "expected the columns"),
        ("recipient,event,at\nab12,opened\n", "line 2: expected a recipient"),
        ("recipient,event,at\n,sent,2031-03-02\n", "line 2: expected a recipient"),
        (
            "recipient,event,at\nab12,sent,2031-03-02\nab12,unsubscribed,2031-03-02\n",
            "line 3: the event is 'unsubscribed'",
        ),
        ("recipient,event,at\nab12,sent,yesterday\n", "line 2: the time is 'yesterday'"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "back.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ExportError, match=told):
        parse_results(path)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "back.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("back.csv", "missing.csv"):
        with pytest.raises(ExportError, match="cannot be read as text"):
            parse_results(tmp_path / name)
