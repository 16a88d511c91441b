"""What changed between two versions, told from their manifests alone."""

from __future__ import annotations

from pipelines.publishing.version import Manifest, TableFacts


def describe_difference(before: Manifest, after: Manifest) -> list[str]:
    """One sentence, by table name, for each table added, removed or with another content hash."""
    names = sorted({*before.tables, *after.tables})
    told = ((name, _sentence(before.tables.get(name), after.tables.get(name))) for name in names)
    return [f"{name}: {sentence}" for name, sentence in told if sentence]


def _sentence(before: TableFacts | None, after: TableFacts | None) -> str | None:
    if before is None or after is None:
        present = after or before
        assert present is not None
        return f"{'added' if after else 'removed'}, {present.rows} rows"
    if before.content_hash == after.content_hash:
        return None
    if before.columns != after.columns:
        return f"columns changed, {before.rows} to {after.rows} rows"
    return f"content changed, {before.rows} to {after.rows} rows"
