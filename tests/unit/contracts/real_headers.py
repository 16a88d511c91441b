"""Reads real_headers.yml: one file of each known system, with what a drafted contract must say of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from pipelines.contracts.draft import Draft, draft_from
from pipelines.ingest.sniffing import sniff


@dataclass(frozen=True)
class Export:
    """One file: its text, the kind, `wanted` field -> column, `unwanted` pairs of a field and the column that must not
    fill it, the key (None: not asked), the country and the known export."""

    name: str
    text: str
    kind: str
    wanted: dict[str, str]
    key: tuple[str, ...] | None = None
    unwanted: tuple[tuple[str, str], ...] = ()
    country: str | None = None
    export: str | None = None


def _read() -> tuple[Export, ...]:
    entries = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return tuple(
        Export(
            **{
                **entry,
                "key": tuple(entry["key"]) if "key" in entry else None,
                "unwanted": tuple(map(tuple, entry.get("unwanted", ()))),
            }
        )
        for entry in entries
    )


EXPORTS = _read()


def drafted(folder: Path, text: str, kind: str | None = None) -> Draft:
    """The draft of a sample with this text, written below `folder`."""
    sample = folder / "sample.csv"
    sample.write_text(text, encoding="utf-8")
    return draft_from(sniff(sample), kind)
