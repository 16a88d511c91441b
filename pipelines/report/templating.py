"""The environment in which the pages' templates are filled: everything that they are given is escaped, and nothing may be missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


def template_environment(**functions: Any) -> Environment:
    """An environment whose templates may call `functions` by name."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - of pages only

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(functions)
    return made
