"""Great Expectations' data docs without the internet: every remote style, script and picture becomes a file of the home.

The files lie once per home in docs/static/; a site's own copies, 4 MB a run, are removed.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from pipelines.storage.durable import copy_file

VENDORED = Path(__file__).with_name("static")
STATIC = "static"

LOCAL = {
    "https://maxcdn.bootstrapcdn.com/bootstrap/4.3.1/css/bootstrap.min.css": "bootstrap-4.3.1/bootstrap.min.css",
    "https://stackpath.bootstrapcdn.com/bootstrap/4.3.1/js/bootstrap.min.js": "bootstrap-4.3.1/bootstrap.min.js",
    "https://unpkg.com/bootstrap-table@1.19.1/dist/bootstrap-table.min.css": "bootstrap-table-1.19.1/bootstrap-table.min.css",
    "https://unpkg.com/bootstrap-table@1.19.1/dist/bootstrap-table.min.js": "bootstrap-table-1.19.1/bootstrap-table.min.js",
    "https://unpkg.com/bootstrap-table@1.19.0/dist/extensions/filter-control/bootstrap-table-filter-control.css":
        "bootstrap-table-1.19.1/bootstrap-table-filter-control.min.css",
    "https://unpkg.com/bootstrap-table@1.19.0/dist/extensions/filter-control/bootstrap-table-filter-control.min.css":
        "bootstrap-table-1.19.1/bootstrap-table-filter-control.min.css",
    "https://unpkg.com/bootstrap-table@1.19.1/dist/extensions/filter-control/bootstrap-table-filter-control.min.js":
        "bootstrap-table-1.19.1/bootstrap-table-filter-control.min.js",
    "https://cdnjs.cloudflare.com/ajax/libs/bootstrap-datepicker/1.9.0/css/bootstrap-datepicker.min.css":
        "bootstrap-datepicker-1.9.0/bootstrap-datepicker.min.css",
    "https://cdnjs.cloudflare.com/ajax/libs/bootstrap-datepicker/1.9.0/js/bootstrap-datepicker.min.js":
        "bootstrap-datepicker-1.9.0/bootstrap-datepicker.min.js",
    "https://cdn.jsdelivr.net/npm/@forevolve/bootstrap-dark@1.1.0/dist/css/bootstrap-prefers-dark.css":
        "bootstrap-dark-1.1.0/bootstrap-prefers-dark.min.css",
    "https://cdnjs.cloudflare.com/ajax/libs/font-awesome/6.6.0/css/all.min.css": "fontawesome-6.6.0/css/all.min.css",
    "https://code.jquery.com/jquery-3.7.1.min.js": "jquery-3.7.1/jquery.min.js",
    "https://cdnjs.cloudflare.com/ajax/libs/popper.js/1.12.9/umd/popper.min.js": "popper-1.12.9/popper.min.js",
}  # fmt: skip
"""Address in a page -> file below docs/static."""

LEFT_OUT = {f"https://cdn.jsdelivr.net/npm/{name}" for name in ("vega@5", "vega-lite@5", "vega-embed@6")}
"""Scripts that draw values; the gates keep none."""

PICTURES = ("favicon.ico", "logo-long.png")  # of the site's own static folder
_FOOTER = re.compile(r"<footer\b.*?</footer>", re.DOTALL)  # advertisements
_SCRIPT = re.compile(r"<script\b[^>]*\bsrc=\"(https?:[^\"]*)\"[^>]*>\s*</script>")
_LINK = re.compile(r"<link\b[^>]*\bhref=\"(https?:[^\"]*)\"[^>]*>")
_ICON = re.compile(r"(<link\b[^>]*\bhref=\")[^\"]*static/images/favicon\.ico\"")
_REMOTE_PICTURE = re.compile(r"\bsrc=\"https?:[^\"]*\"")
_REMOTE_STYLE = re.compile(r"url\(['\"]?https?:[^)]*\)")
_REMOTE_ANCHOR = re.compile(r"\s*\bhref=\"https?:[^\"]*\"")

_DARK = '<style id="dark-logo">@media (prefers-color-scheme: dark) { .navbar-brand a { background-color: #fff; } }</style>'
"""The pages' own logo for the dark is a remote picture; the other one is black."""


def make_offline(site: Path, docs: Path) -> list[Path]:
    """Rewrite every page of `site`, a folder below `docs`, in place; returns the pages. A second call changes nothing."""
    _install(docs / STATIC, site / STATIC / "images")
    pages = sorted(site.rglob("*.html"))
    for page in pages:
        page.write_text(_local(page.read_text(encoding="utf-8"), _way_up(page, docs)), encoding="utf-8")
    shutil.rmtree(site / STATIC, ignore_errors=True)
    return pages


def _way_up(page: Path, docs: Path) -> str:
    return Path(os.path.relpath(docs / STATIC, page.parent)).as_posix()


def _local(text: str, static: str) -> str:
    text = _FOOTER.sub("", text)
    text = _SCRIPT.sub(lambda found: _tag('<script src="{}"></script>', found[1], static), text)
    text = _LINK.sub(lambda found: _tag('<link rel="stylesheet" href="{}">', found[1], static), text)
    text = _ICON.sub(rf'\g<1>{static}/images/favicon.ico"', text)
    text = _REMOTE_PICTURE.sub(f'src="{static}/images/logo-long.png"', text)
    text = _REMOTE_STYLE.sub(f"url('{static}/images/logo-long.png')", text)
    text = _REMOTE_ANCHOR.sub("", text)
    return text if _DARK in text else text.replace("</head>", f"{_DARK}</head>", 1)


def _tag(form: str, address: str, static: str) -> str:
    """The tag for the home's own file; nothing for an address that has none."""
    return form.format(f"{static}/{LOCAL[address]}") if address in LOCAL else ""


def _install(target: Path, pictures: Path) -> None:
    for path in sorted(path for path in VENDORED.rglob("*") if path.is_file()):
        _copy(path, target / path.relative_to(VENDORED))
    for name in PICTURES:
        if (pictures / name).is_file():
            _copy(pictures / name, target / "images" / name)


def _copy(source: Path, target: Path) -> None:
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    copy_file(source, target)
