"""Every publish makes the page of its version, beside the run's docs; a page that fails is told and stops nothing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from exports_home import NAMES, PEOPLE, signs
from page_links import faults
from small_night import instance_of, query
from version_pages import VersionPage, blocks_of, differences

from pipelines.assets import version_report
from pipelines.command import version_report as command
from pipelines.command.version_report import MadeReport, make_report, published_tables, report_path
from pipelines.errors import PublishError
from pipelines.publishing.layout import version_dir
from pipelines.publishing.query import QueryError, run_query
from pipelines.publishing.version import current_manifest, write_manifest
from pipelines.quality.run_record import RunFacts, read_results, write_facts
from pipelines.report.verdict import LOOK, PASSED, judge
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys


def page_of(settings: Settings) -> Path:
    manifest = current_manifest(settings.home)
    assert manifest is not None
    return report_path(settings.home, manifest.run_id)


def test_a_publish_makes_the_page_and_links_it_from_its_asset_and_the_pages_of_runs(
    exports_master: Settings,
) -> None:
    path = page_of(exports_master)
    assert faults(path) == []
    with instance_of(exports_master) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["publish", "published_version"]))
    assert event is not None
    assert event.asset_materialization is not None
    link = event.asset_materialization.metadata["report"].value
    assert link == f"{exports_master.docs_url}/{path.parent.name}/version.html"
    docs = exports_master.home / "docs"
    assert 'href="version.html"' in (path.parent / "index.html").read_text(encoding="utf-8")
    listed = (docs / "index.html").read_text(encoding="utf-8")
    assert (
        listed.count(f'href="{path.parent.name}/version.html"') == 2
    )  # of the newest version, and of its run
    (finding,) = [
        one for one in read_results(exports_master.home, path.parent.name) if one.name == version_report.STEP
    ]
    assert finding.passed


def test_the_page_of_a_publish_tells_what_the_version_gives(exports_master: Settings) -> None:
    manifest = current_manifest(exports_master.home)
    assert manifest is not None
    page = VersionPage(page_of(exports_master).read_text(encoding="utf-8"))
    blocks = blocks_of(published_tables(manifest, None))
    found: list[str] = []
    for name, shown in page.blocks.items():
        if blocks[name].compares or not shown.sql:
            continue
        result = run_query(exports_master, load_keys(exports_master), shown.sql)
        rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
        found += differences(blocks[name], shown, rows)
    assert found == []


def test_nobody_is_named_on_the_page(exports_master: Settings) -> None:
    text = page_of(exports_master).read_text(encoding="utf-8")
    markers = {value for person in PEOPLE for value in signs(person).values()} | set(NAMES)
    markers |= {
        str(value) for row in query(exports_master, "select customer_id from customers") for value in row
    }
    assert len(markers) > 100
    assert [marker for marker in markers if marker in text] == []


def judged(settings: Settings, run_id: str) -> tuple[str, str]:
    results = [one for one in read_results(settings.home, run_id) if one.name == version_report.STEP]
    found = judge(RunFacts(run_id, "build", "x", "x"), results, (), None, had_news=False)
    return found.status, found.sentence


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (ValueError("could not cast Anna 13912345678"), "ValueError while it was made"),
        (PublishError("The current version is gone."), "The current version is gone."),
        (None, "not answered: rfm"),
    ],
)
def test_a_page_that_fails_is_a_warning_and_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: Exception | None, told: str
) -> None:
    def made(*_: Any) -> MadeReport:
        if raised is not None:
            raise raised
        return MadeReport(tmp_path / "r0" / "version.html", ("rfm",))

    monkeypatch.setattr(command, "make_report", made)
    settings = Settings(home=tmp_path)
    write_facts(tmp_path, RunFacts("r1", "build", "2026-11-01T00:00:00+00:00", "2026-11-01"))
    logged: list[str] = []
    nightly: Any = SimpleNamespace(settings=settings, keys=None, run_id="r1")
    run_id = version_report.report_version(nightly, SimpleNamespace(warning=logged.append))
    assert run_id == ("r0" if raised is None else None)
    link = version_report.page_metadata(nightly, run_id)["report"].value
    assert link == ("http://127.0.0.1:3001/r0/version.html" if run_id else "not made; run `ucv report`")
    assert len(logged) == 1
    assert told in logged[0]
    assert "139" not in logged[0]
    status, sentence = judged(settings, "r1")
    assert (status, "version page of published_version" in sentence) == (LOOK, True)


def test_a_whole_page_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "make_report", lambda *_: MadeReport(tmp_path / "r1" / "version.html", ()))
    nightly: Any = SimpleNamespace(settings=Settings(home=tmp_path), keys=None, run_id="r1")
    assert version_report.report_version(nightly, None) == "r1"
    assert judged(nightly.settings, "r1")[0] == PASSED


OLDER = "v20200101T000000Z-000000"


def test_two_versions_are_compared_by_queries_that_ask_both(exports_copy: Settings) -> None:
    manifest = current_manifest(exports_copy.home)
    assert manifest is not None
    folder = version_dir(exports_copy.home, OLDER)
    shutil.copytree(version_dir(exports_copy.home, manifest.version), folder)
    write_manifest(folder, replace(manifest, version=OLDER))
    made = make_report(exports_copy, load_keys(exports_copy))
    assert made.unreadable == ()
    text = made.path.read_text(encoding="utf-8")
    page = VersionPage(text)
    assert f"ucv query --before {OLDER}" in text
    ((count,),) = query(exports_copy, "select count(*) from customers")
    assert [cell.text for cell in page.blocks["changed"].rows[0]] == ["0", "0", "0", "0", str(count)]
    figures = run_query(exports_copy, load_keys(exports_copy), page.blocks["figures"].sql, before=OLDER)
    assert [int(now - before) for _, before, now, _ in figures.rows] == [0] * len(page.blocks["figures"].rows)
    (folder / "warehouse.duckdb").write_bytes(b"damaged")
    again = make_report(exports_copy, load_keys(exports_copy))
    assert "The page of the next publish will compare." in again.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "told"), [(OLDER, "No version"), ("../current", "is no version"), ("current", "is no version")]
)
def test_a_query_compares_with_a_version_that_is_there(
    exports_master: Settings, before: str, told: str
) -> None:
    with pytest.raises(PublishError, match=told):
        run_query(exports_master, load_keys(exports_master), "select 1", before=before)


def test_a_query_that_compares_can_change_neither_version(exports_master: Settings) -> None:
    manifest = current_manifest(exports_master.home)
    assert manifest is not None
    keys = load_keys(exports_master)
    rows = run_query(
        exports_master, keys, "select count(*) from before.golden.customers", before=manifest.version
    )
    assert next(rows.rows)[0] > 0
    with pytest.raises(QueryError):
        run_query(exports_master, keys, "drop table before.golden.customers", before=manifest.version)
