"""Lines of a chart: a round scale from zero, labels that do not touch, and a gap where a point is withheld."""

from __future__ import annotations

import itertools
import re

import pytest

from pipelines.report.blocks import COUNT, SHARE
from pipelines.report.interval_chart import interval_chart, scale_of
from pipelines.report.line_chart import Plot, line_chart


def plot(*series: list[float | None], form: str = COUNT) -> str:
    count = len(series[0])
    labels = [f"2026-{month % 12 + 1:02}" for month in range(count)]
    return str(line_chart(Plot([float(n) for n in range(count)], labels, series, form), "told"))


def labels_up(svg: str) -> list[str]:
    return re.findall(r'text-anchor="end">([^<]+)<', svg)


@pytest.mark.parametrize(
    ("highest", "form", "labels"),
    [
        (110.0, COUNT, ["0", "50", "100", "150"]),
        (0.46, SHARE, ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %"]),
        (0.003, COUNT, ["0", "0.001", "0.002", "0.003"]),
        (0.0, COUNT, ["0", "1"]),
        (1.0, SHARE, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
    ],
)
def test_the_scale_begins_at_zero_and_has_round_steps(highest: float, form: str, labels: list[str]) -> None:
    assert labels_up(plot([0.0, highest], form=form)) == labels


def test_a_withheld_point_breaks_its_line() -> None:
    whole, broken = plot([1.0, 2.0, 3.0, 4.0, 5.0]), plot([1.0, 2.0, None, 4.0, 5.0])
    assert (whole.count("<polyline"), broken.count("<polyline")) == (1, 2)
    lonely = plot([None, *[1.0] * 20, None, 2.0])
    assert lonely.count("<circle") == 1, "a point between gaps would not be seen"


def test_labels_below_do_not_touch_and_the_last_one_stands() -> None:
    svg = plot([float(n) for n in range(40)])
    found = [
        (float(x), label)
        for x, label in re.findall(r'<text x="([\d.]+)" y="202" text-anchor="middle">([^<]+)', svg)
    ]
    assert found[0][1] == "2026-04"
    places = sorted(x for x, _ in found)
    assert all(after - before > 7 * 7.5 for before, after in itertools.pairwise(places))
    assert max(places) <= 360 - 7 * 3.7


def test_without_a_point_there_is_no_picture() -> None:
    assert plot([None, None]) == ""


def test_an_interval_stands_apart_from_zero_or_holds_it() -> None:
    scale = scale_of([(0.01, 0.2), (-0.1, 0.1)])
    assert scale == (-0.1, 0.2)
    assert 'class="interval apart"' in interval_chart(0.1, 0.01, 0.2, scale)
    assert 'class="interval"' in interval_chart(0.0, -0.1, 0.1, scale)
