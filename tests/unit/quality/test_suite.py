"""What Great Expectations says of a frame arrives here whole: bounds included, nothing passes that could not be judged."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from pipelines.quality.held import held
from pipelines.quality.results import Figure
from pipelines.quality.suite import CONTAINS, DISTINCT, MEAN, Expected, run_suite

FRAME = pd.DataFrame(
    {"given:x": [1.0, 1.0, 0.0, None], "distinct:x": [1, 1, 2, 3], "label:x": ["a", "a", "b", None]}
)


def figure(value: float | None, low: float | None, high: float | None) -> Figure:
    return Figure("all", "rows", value, low, high, True)


def test_figures_are_held_against_bounds_that_belong_to_them() -> None:
    given = [
        figure(1, 0, 2), figure(3, 0, 2), figure(-1, 0, 2), figure(2, 0, 2), figure(0, 0, 0), figure(None, 1, 1),
        figure(5, None, 4), figure(5, 6, None), figure(5, None, None),
    ]  # fmt: skip
    assert [one.passed for one in held("some", given)] == [
        True,
        False,
        False,
        True,
        True,
        True,
        False,
        False,
        True,
    ]
    assert held("none", []) == []
    assert [one.passed for one in held("nothing measured", [figure(None, 1, 2)])] == [True]


@pytest.mark.parametrize(
    ("expected", "value", "passed"),
    [
        (Expected("given:x", MEAN, 2 / 3 - 1e-9, 1.0), 2 / 3, True),
        (Expected("given:x", MEAN, 0.7, 1.0), 2 / 3, False),
        (Expected("given:x", MEAN, None, 0.6), 2 / 3, False),
        (Expected("distinct:x", DISTINCT, 0.7, 0.8), 0.75, True),
        (Expected("distinct:x", DISTINCT, 0.8, None), 0.75, False),
        (Expected("label:x", CONTAINS, members=frozenset({"a", "b"})), None, True),
        (Expected("label:x", CONTAINS, members=frozenset({"a", "c"})), None, False),
    ],
    ids=lambda part: f"{part.form} {part.low} {part.high}" if isinstance(part, Expected) else None,
)
def test_each_form_of_expectation_can_pass_and_fail(
    expected: Expected, value: float | None, passed: bool
) -> None:
    (seen,) = run_suite("some", FRAME, [expected])
    assert seen.passed == passed
    assert seen.value == (None if value is None else pytest.approx(value))


def test_results_come_in_the_order_of_what_was_asked() -> None:
    asked = [Expected("given:x", MEAN, low, 1.0) for low in (0.9, 0.1, 0.8, 0.2)]
    assert [seen.passed for seen in run_suite("some", FRAME, asked)] == [False, True, False, True]


def test_what_could_not_be_judged_does_not_pass() -> None:
    (seen,) = run_suite("some", FRAME, [Expected("given:absent", MEAN, 0.0, 1.0)])
    assert not seen.passed


def test_a_suite_that_fails_has_a_page_that_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    site = tmp_path / "docs" / "run" / "gx"
    run_suite("fine", FRAME, [Expected("given:x", MEAN, 0.1, 1.0)], site)
    assert not site.exists()
    run_suite("bad", FRAME, [Expected("given:x", MEAN, 0.9, 1.0)], site)
    held("golden", [figure(1, 0, 2)], site)
    assert {path.name for path in site.iterdir()} == {"bad.html", "golden.html", "index.html"}
    for page in site.glob("*.html"):
        text = page.read_text("utf-8")
        local = [
            link for link in re.findall(r'(?:src|href)="([^"#]+)"', text) if not link.startswith("data:")
        ]
        assert [link for link in local if not (page.parent / link).is_file()] == []
        assert 'src="http' not in text
        assert 'href="http' not in text
    assert "bad.html" in (site / "index.html").read_text("utf-8")
