"""Great Expectations' own pages of what its suites found, below the docs of a run; they render without the internet.

Every gate has a page, a delivery has one when it fails: a page takes a tenth of a second, and a first night has thirty suites.
"""

from __future__ import annotations

import html
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipelines.quality.offline_docs import PICTURES, STATIC, make_offline

DOCS_SITE = "gx"
"""Folder of the pages, below the docs of a run."""
_INDEX = "index.html"
# To a site that lies deeper, with pages of suites; ours has one list.
_LEADS_NOWHERE = re.compile(r'href="(?:\.\./){3,}(?:expectations/[^"]*|index\.html)"')


def write_suite_page(site: Path, name: str, result: Any) -> None:
    """The page of one validation; `result` is what Great Expectations' validation returned. Replaces an earlier one."""
    from great_expectations.render.renderer import ValidationResultsPageRenderer  # noqa: PLC0415 - seconds
    from great_expectations.render.view import DefaultJinjaPageView  # noqa: PLC0415

    for one in result.results:
        value = one.result.get("observed_value")
        if hasattr(value, "item"):  # its renderer knows Python's own numbers only
            one.result["observed_value"] = value.item()
    site.mkdir(parents=True, exist_ok=True)
    page = DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(result))
    (site / f"{name}.html").write_text(_LEADS_NOWHERE.sub(f'href="{_INDEX}"', page), encoding="utf-8")
    _write_index(site)
    _add_pictures(site / STATIC / "images")
    make_offline(site, site.parent.parent)


def _add_pictures(folder: Path) -> None:
    """The site's own logo and icon, which the package has."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PICTURES:
        source = files("great_expectations").joinpath("render", "view", "static", "images", name)
        (folder / name).write_bytes(source.read_bytes())


def _write_index(site: Path) -> None:
    names = sorted(path.stem for path in site.glob("*.html") if path.name != _INDEX)
    listed = "".join(f'<li><a href="{html.escape(name)}.html">{html.escape(name)}</a></li>' for name in names)
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Great Expectations</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><h1>Suites of this run</h1><ul>{listed}</ul></body></html>"
    )
    (site / _INDEX).write_text(text, encoding="utf-8")
