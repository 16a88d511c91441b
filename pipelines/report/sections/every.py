"""All sections of the page, in its order."""

from __future__ import annotations

from pipelines.report.blocks import PublishedTables, Section
from pipelines.report.sections import behaviour, campaigns, identity, predictions, sources, vendors, worth


def sections(tables: PublishedTables) -> tuple[Section, ...]:
    """What the page asks of this version; sections that are all optional go where it has none of their tables."""
    every = (
        *sources.SECTIONS, *identity.sections(tables), *behaviour.sections(tables), *worth.sections(tables), *vendors.SECTIONS,
        *campaigns.SECTIONS, *predictions.SECTIONS,
    )  # fmt: skip
    return tuple(
        section
        for section in every
        if any(not block.is_optional or set(block.reads) <= set(tables.now) for block in section.blocks)
    )
