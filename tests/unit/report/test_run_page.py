"""A run's page says what failed, how much, since when and what to do, and nothing from elsewhere is needed to read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page_links import faults
from records import check, facts, figure, keep

from pipelines.quality.results import CheckResult
from pipelines.quality.run_record import RunFacts
from pipelines.report.page import DeliveredFile, RunTold, read_summary, write_page
from pipelines.report.run_list import newest_page, write_run_list
from pipelines.report.verdict import SeenVersion, StepError, judge

ZONE = "Asia/Shanghai"
SEEN = SeenVersion("v1", "2026-10-31", "2026-10-31T18:31:00+00:00")
HELD = check(asset="identity/resolved", name="customers_found", description="There is a customer")


def text(home: Path, run: RunFacts, told: RunTold | None = None) -> str:
    path = write_page(home, run, told or RunTold(seen=SEEN), ZONE)
    write_run_list(home, ZONE)
    assert faults(path) == []
    return re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))


def shares(home: Path, *values: float) -> RunFacts:
    """Builds of the days 1, 2, … with these shares of quarantined rows; returns the last."""
    runs = [keep(home, facts(day), check(figure(value)), HELD) for day, value in enumerate(values, 1)]
    return runs[-1]


def test_a_failing_figure_is_told_with_its_band_its_owner_and_what_to_do(tmp_path: Path) -> None:
    below = {"staging/stg_records": ["customers", "customer_360"]}
    told = text(tmp_path, shares(tmp_path, 0.3333), RunTold(seen=SEEN, downstream=lambda: below))
    assert "web_registrations: quarantine share" in told
    assert ">33.33 %<" in told
    assert "20 % or less" in told
    assert "Send the claim file to the source" in told
    assert "<dd>data steward</dd>" in told
    assert "<dd>customers, customer_360</dd>" in told
    failed, _, passed = told.partition("Checks that passed")
    assert "There is a customer" in passed
    assert "There is a customer" not in failed
    assert "No more than a fifth" not in passed


@pytest.mark.parametrize(
    ("values", "since", "runs"),
    [
        ((0.1, 0.3, 0.1, 0.3, 0.4, 0.5), "2026-11-05 02:30, 3 runs in a row; passed last on 2026-11-04", "3"),
        ((0.1, 0.3), "2026-11-03 02:30, 1 run in a row; passed last on 2026-11-02", "1"),
        ((0.3, 0.3), "2026-11-02 02:30, 2 runs in a row<", "2"),
    ],
)
def test_since_is_the_first_of_the_failed_runs_in_a_row(
    tmp_path: Path, values: tuple[float, ...], since: str, runs: str
) -> None:
    assert f"<dd>{since}" in text(tmp_path, shares(tmp_path, *values)), runs


def test_runs_that_did_not_get_to_a_check_and_nights_do_not_end_its_row(tmp_path: Path) -> None:
    keep(tmp_path, facts(1, version_after="v0"), check(figure(0.1)))
    keep(tmp_path, facts(2), check(figure(0.3)))
    keep(tmp_path, facts(3), HELD)
    keep(tmp_path, facts(3, "nightly"), check(figure(0.1)))
    last = keep(tmp_path, facts(4), check(figure(0.4)))
    told = text(tmp_path, last)
    assert "<dd>2026-11-03 02:30, 2 runs in a row; passed last on 2026-11-02" in told
    assert "<dd>v0</dd>" in told  # the version that this check let pass last


def test_the_line_shows_the_last_thirty_runs_with_the_band_and_the_points_outside(tmp_path: Path) -> None:
    told = text(tmp_path, shares(tmp_path, 0.3, *[0.1] * 25, 0.25, 0.3))
    (line,) = re.findall(r"<svg.*?</svg>", told)
    assert "over 28 runs: 10 % to 30 %, expected 20 % or less, 3 of them outside" in line
    assert line.count("<circle") == 3
    (points,) = re.findall(r'<polyline points="([^"]*)"', line)
    assert len(points.split()) == 28
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert heights[0] == heights[-1] < heights[-2] < heights[1]  # more is higher up
    (band,) = re.findall(r'class="band" points="([^"]*)"', line)
    edge = float(band.split()[0].split(",")[1]), float(band.split()[28].split(",")[1])
    assert edge[0] < edge[1]
    assert heights[-2] < float(band.split()[27].split(",")[1]) or edge[0] == 0.0


@pytest.mark.parametrize("earlier", [0.1, 0.3])
def test_no_more_than_thirty_runs_are_drawn(tmp_path: Path, earlier: float) -> None:
    for day in range(1, 29):
        keep(tmp_path, facts(day), check(figure(earlier)))
        later = RunFacts(f"more{day}", "build", f"2026-11-{day:02}T20:00:00+00:00", "x")
        keep(tmp_path, later, check(figure(earlier)))
    told = text(tmp_path, keep(tmp_path, facts(29), check(figure(0.3))))
    assert "over 30 runs" in told
    assert ("57 runs in a row" if earlier > 0.2 else "1 run in a row") in told


def test_a_build_tells_what_its_night_found_too(tmp_path: Path) -> None:
    late = check(
        figure(9.0, measure="hours_late", high=0.0), asset="raw/letters", name="freshness", severity="warn"
    )
    keep(tmp_path, facts(1, "nightly"), late)
    night = keep(tmp_path, facts(2, "nightly"), late)
    build = keep(tmp_path, facts(2, night_run_id=night.run_id), HELD)
    assert "After the night" in text(tmp_path, build)
    text(tmp_path, night)
    told = text(tmp_path, build)
    assert "raw/letters" in told
    assert "2026-11-02 02:30, 2 runs in a row" in told
    assert f'href="../{night.run_id}/index.html"' in told


def verdict(results: list[CheckResult], run: RunFacts, *, had_news: bool = False, seen: SeenVersion | None = SEEN,
            errors: tuple[StepError, ...] = ()) -> tuple[str, str]:  # fmt: skip
    found = judge(run, results, errors, seen, had_news=had_news)
    return found.status, found.sentence


def test_the_verdict_is_a_sentence_for_who_knows_no_pipeline() -> None:
    red, warned = check(figure(0.3)), check(figure(0.3), severity="warn", name="id_churn")
    new = facts(1, version_before="v0", version_after="v1")
    night = facts(1, "nightly")
    assert verdict([HELD, HELD], new) == (
        "passed", "A new version is published that describes 2026-10-31; all 2 checks passed.",
    )  # fmt: skip
    assert verdict([HELD], night) == (
        "passed",
        "Passed, as of version v1: nothing new arrived, readers keep the version of 2026-10-31; its one check passed.",
    )
    assert verdict([HELD, red], facts(1)) == (
        "failed", "Readers keep the version of 2026-10-31; 1 check failed (quarantine share of stg_records).",
    )  # fmt: skip
    status, told = verdict([HELD, warned], new)
    assert (status, "1 check asks for a look (id churn of stg_records)" in told) == ("look", True)
    assert "the build that follows" in verdict([HELD], night, had_news=True)[1]
    assert verdict([], facts(1, version_after=None, failed_steps=("golden",)), seen=None) == (
        "failed", "Nothing is published yet; 1 step ended in an error (golden).",
    )  # fmt: skip
    assert verdict([HELD], facts(1), errors=(StepError("golden", "x"),))[0] == "failed"


def test_deliveries_and_errors_are_escaped_and_chinese_is_kept(tmp_path: Path) -> None:
    file = DeliveredFile(
        "letters", "<b>会员.csv", "refused", 12034, 9000, 3034, 0, "two columns are named 手机"
    )
    errors = (StepError("golden_models", "dbt: 1 of 3 nodes failed"),)
    told = text(tmp_path, shares(tmp_path, 0.1), RunTold(errors, (file,), SEEN))
    assert "&lt;b&gt;会员.csv" in told
    assert "<b>" not in told
    assert "12,034" in told
    assert "refused: two columns are named 手机" in told
    assert "dbt: 1 of 3 nodes failed" in told
    assert "读者" in told


def test_of_many_files_those_that_were_refused_come_first(tmp_path: Path) -> None:
    files = [DeliveredFile("a", f"f{n:03}.csv", "accepted", 1, 1, 0, 0, "") for n in range(300)]
    refused = DeliveredFile("z", "broken.csv", "refused", 0, 0, 0, 0, "no header")
    known = DeliveredFile("a", "old.csv", "known", 0, 0, 0, 0, "")
    told = text(tmp_path, shares(tmp_path, 0.1), RunTold(deliveries=(known, *files, refused), seen=SEEN))
    assert "old.csv" not in told
    assert "1 file in landing or on servers had been read" in told
    assert told.index("broken.csv") < told.index("f000.csv")
    assert "and 101 more files" in told


def test_the_list_has_the_newest_run_first_with_its_verdict_and_page(tmp_path: Path) -> None:
    first = shares(tmp_path, 0.1, 0.3)
    text(tmp_path, facts(1))
    text(tmp_path, first)
    keep(tmp_path, facts(3, ended_at=None))
    listed = write_run_list(tmp_path, ZONE).read_text(encoding="utf-8")
    assert faults(tmp_path / "docs" / "index.html") == []
    assert [f"run0{n}-build" for n in (2, 1)] == re.findall(r'href="(run\d\d-build)/index\.html"', listed)
    assert re.findall(r'class="badge (\w+)"', listed) == ["unended", "failed", "passed"]
    assert newest_page(tmp_path) == tmp_path / "docs" / "run02-build" / "index.html"
    summary = read_summary(tmp_path, "run02-build")
    assert summary is not None
    assert summary.sentence in listed.replace("&#39;", "'")
