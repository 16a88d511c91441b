"""The requirements page has every row once, and every link of it leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "requirements.md"
COUNT = 119
ROW = re.compile(r"\| (R[0-9]{2,3}) \| ([^|]+) \| ([^|]+) \|")
LINK = re.compile(r"`([^`]+)`")
STATE = re.compile(r"\b(planned|closed) \([^()]{5,}\)")


def rows(text: str) -> list[tuple[str, str]]:
    """Id and cell of coverage of each row of the table. Raises AssertionError for a line that is no row."""
    lines = [line for line in text.splitlines() if line.startswith("| R")]
    matches = [ROW.fullmatch(line) for line in lines]
    assert None not in matches, [line for line, match in zip(lines, matches, strict=True) if match is None]
    return [(match[1], match[3]) for match in matches if match]


def fault(link: str, root: Path = ROOT) -> str | None:
    """What is wrong with a link, or None."""
    path, _, name = link.partition("::")
    file = root / path
    if path.startswith("/") or ".." in path or not file.is_file():
        return f"{path} is no file of the project"
    text = file.read_text(encoding="utf-8")
    is_test = file.name.startswith("test_")
    pattern = rf"def {re.escape(name)}\(" if is_test else rf"\b{re.escape(name)}\b"
    return None if not name or re.search(pattern, text) else f"{path} has no {name}"


def test_every_requirement_stands_once_and_in_order() -> None:
    found = [identity for identity, _ in rows(PAGE.read_text(encoding="utf-8"))]
    assert found == [f"R{number:02}" for number in range(1, COUNT + 1)]


@pytest.mark.parametrize(
    ("identity", "cell"), rows(PAGE.read_text(encoding="utf-8")), ids=lambda value: value[:4]
)
def test_each_requirement_is_covered_planned_or_closed(identity: str, cell: str) -> None:
    links = LINK.findall(cell)
    assert links or STATE.search(cell), identity
    assert not STATE.sub("", LINK.sub("", cell)).strip(" ,"), (
        f"{identity}: neither link nor planned nor closed"
    )
    assert [told for told in map(fault, links) if told] == []


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("tests/unit/test_requirements.py", None),
        ("tests/unit/test_requirements.py::test_each_requirement_is_covered_planned_or_closed", None),
        ("tests/unit/test_requirements.py::" + "test_gone", "has no test_gone"),
        ("docs/gone.md", "no file"),
        ("/etc/passwd", "no file"),
        ("pipelines/contracts/canonical_fields.csv::" + "full_nam", "has no full_nam"),
    ],
)
def test_a_link_that_leads_nowhere_is_noticed(link: str, told: str | None) -> None:
    found = fault(link)
    assert (found is None) if told is None else (found is not None and told in found)
