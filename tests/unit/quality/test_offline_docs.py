"""Great Expectations' pages load nothing from elsewhere, and every file that they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import great_expectations as gx
import pandas as pd
import pytest
from page_links import faults

from pipelines.quality.offline_docs import LEFT_OUT, LOCAL, STATIC, VENDORED, make_offline

TEMPLATES = Path(gx.__file__).parent / "render" / "view" / "templates"


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The docs of a home with the site of one run that had a passing and a failing expectation."""
    docs = tmp_path_factory.mktemp("docs")
    context = gx.get_context(mode="file", project_root_dir=str(docs / "run"))
    asset = context.data_sources.add_pandas("figures").add_dataframe_asset("figures")
    batch = asset.add_batch_definition_whole_dataframe("whole")
    suite = context.suites.add(gx.ExpectationSuite(name="golden"))
    for column, most in (("good", 1), ("bad", 0)):
        suite.add_expectation(gx.expectations.ExpectColumnValuesToBeBetween(column=column, max_value=most))
    judged = context.validation_definitions.add(
        gx.ValidationDefinition(name="golden", data=batch, suite=suite)
    )
    checkpoint = gx.Checkpoint(name="golden", validation_definitions=[judged], result_format="BOOLEAN_ONLY")
    frame = pd.DataFrame({"good": [1.0], "bad": [1.0]})
    context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame})
    context.build_data_docs()
    site = docs / "run" / "gx" / "uncommitted" / "data_docs" / "local_site"
    told = [fault for page in site.rglob("*.html") for fault in faults(page)]
    assert [fault for fault in told if fault.startswith("https:")], "the control finds nothing remote"
    make_offline(site, docs)
    return docs


def test_no_page_or_style_of_a_site_refers_to_a_remote_address_or_to_a_file_that_is_not_there(
    docs: Path,
) -> None:
    pages = [*docs.rglob("*.html")]
    assert len(pages) == 3
    styles = [*(docs / STATIC).rglob("*.css")]
    assert len(styles) == 6
    found = {path.relative_to(docs): faults(path) for path in [*pages, *styles]}
    assert {path: told for path, told in found.items() if told} == {}


def test_a_page_still_loads_what_it_is_drawn_with(docs: Path) -> None:
    (page,) = docs.rglob("validations/**/*.html")
    text = page.read_text(encoding="utf-8")
    for name in (
        "bootstrap.min.css",
        "jquery.min.js",
        "bootstrap-table.min.js",
        "all.min.css",
        "favicon.ico",
    ):
        assert re.search(rf'(src|href)="[./]+/static/[^"]*{re.escape(name)}"', text), name


def test_files_lie_once_in_a_home_and_a_second_call_changes_nothing(docs: Path) -> None:
    site = docs / "run" / "gx" / "uncommitted" / "data_docs" / "local_site"
    assert not (site / STATIC).exists()
    before = {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()}
    make_offline(site, docs)
    assert {path: path.read_bytes() for path in docs.rglob("*") if path.is_file()} == before


def test_every_address_of_the_installed_templates_has_its_file_or_was_left_out_on_purpose() -> None:
    """A new Great Expectations that names another version is noticed here, not by a steward whose page looks bare."""
    tag = re.compile(r'<(?:script|link)\b[^>]*\b(?:src|href)="(https?:[^"]*)"')
    named = {address for path in TEMPLATES.glob("*.j2") for address in tag.findall(path.read_text("utf-8"))}
    assert named == LOCAL.keys() | LEFT_OUT
    assert [file for file in LOCAL.values() if not (VENDORED / file).is_file()] == []


def test_what_is_vendored_is_small_and_has_its_licences() -> None:
    files = [path for path in VENDORED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_500_000
    told = (VENDORED / "README.md").read_text(encoding="utf-8")
    for folder in (path for path in VENDORED.iterdir() if path.is_dir()):
        assert f"| {folder.name} |" in told
        head = "".join(path.read_text("utf-8")[:400] for path in folder.glob("*.js"))
        assert any("LICENSE" in path.name for path in folder.iterdir()) or "MIT License" in head, folder.name
