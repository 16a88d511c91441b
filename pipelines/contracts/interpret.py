"""What a parsed contract means: our rules on each of its parts, and the Contract that they make."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.contracts.columns import Table, read_table
from pipelines.contracts.customs import Customs, Node
from pipelines.contracts.durations import read_sla
from pipelines.contracts.handling import HANDLING_PROPERTIES, read_handling
from pipelines.contracts.model import Contract
from pipelines.contracts.problems import Findings, shown
from pipelines.contracts.quality import read_quality
from pipelines.contracts.server import read_server
from pipelines.contracts.terms import TERM_PROPERTIES, read_terms
from pipelines.contracts.vocabularies import ACTIVE_STATUSES, CHANNELS, STATUSES

DEFAULT_CHANNEL = "internal"
CONTRACT_PROPERTIES = ("channel", "key", *HANDLING_PROPERTIES, *TERM_PROPERTIES)
"""Every custom property of a contract; another name is refused: its meaning would be lost silently."""

SOURCE_ID = re.compile(r"[a-z][a-z0-9_]{0,62}")
SOURCE_ID_RULE = "expected small letters, digits and _, starting with a letter, at most 63"


def interpret(values: Node, path: Path, home: Path, findings: Findings) -> Contract | None:
    """Our rules on the parsed file; tolerates every wrong form, which the standard's schema has told."""
    _check_head(values, findings)
    server = read_server(values, home, findings)
    table = read_table(values, findings)
    customs = Customs(values, (), CONTRACT_PROPERTIES, findings)
    channel = customs.choice("channel", CHANNELS) or DEFAULT_CHANNEL
    terms = read_terms(values, customs, channel, table, findings)
    sla = read_sla(values, customs, table, findings)
    handling = read_handling(customs, channel, terms.acquisition_mode, findings)
    key = _key(customs, table, findings)
    quality = read_quality(values, table, findings)
    if server and server.database and server.database.watermark and handling.delivery_mode == "snapshot":
        remedy = "Remove the watermark: a snapshot is read as a whole; or write deliveryMode incremental"
        findings.add(customs.place("deliveryMode"), "snapshot with a watermark", "one of the two", remedy)
    if server is None or table is None:
        return None
    return Contract(
        id=str(values.get("id")),
        name=str(values.get("name")),
        version=str(values.get("version")),
        kind=table.kind,
        channel=channel,
        server=server,
        columns=table.columns,
        key=key,
        terms=terms,
        sla=sla,
        default_country=handling.default_country,
        default_currency=handling.default_currency,
        delivery_mode=handling.delivery_mode,
        max_quarantine_share=handling.max_quarantine_share,
        shrink_limit=handling.shrink_limit,
        landing_retention_days=handling.landing_retention_days,
        source_rank=handling.source_rank,
        quality=quality,
        path=path,
        active=values.get("status", "active") in ACTIVE_STATUSES,
    )


def _check_head(values: Node, findings: Findings) -> None:
    identity, name, status = values.get("id"), values.get("name"), values.get("status", "active")
    if isinstance(identity, str) and not SOURCE_ID.fullmatch(identity):
        expected = SOURCE_ID_RULE.removeprefix("expected ")
        findings.add(("id",), shown(identity), expected, "Write it such as web_registrations; it names files")
    if "name" not in values or (isinstance(name, str) and not name.strip()):
        findings.add(("name",), "no name", "the name of the source for people", "Add name: …")
    if isinstance(status, str) and status not in STATUSES:
        findings.unknown(("status",), status, "a status", STATUSES)


def _key(customs: Customs, table: Table | None, findings: Findings) -> tuple[str, ...]:
    """The key's fields, or none where the contract declares `key: derived`."""
    derived = customs.choice("key", {"derived"}) == "derived"
    declared = table.key if table else ()
    if derived and declared:
        remedy = "Remove one of the two"
        findings.add(
            customs.place("key"),
            f"key: derived beside primaryKey {', '.join(declared)}",
            "one kind of key",
            remedy,
        )
    if table and not declared and not customs.has("key"):
        expected = "primaryKey: true on the columns that name a record"
        remedy = "Add it, or the custom property {property: key, value: derived} where a list has none"
        findings.add(("schema", 0, "properties"), "no key", expected, remedy)
    return () if derived else declared
