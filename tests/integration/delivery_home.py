"""A home with sources whose contracts differ only where a test says so."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.raw_store import raw_relation_sql
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.source import ingest_source
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

LOADED = datetime(2026, 1, 2)
SECRET = "王小明"  # a personal value that no message may hold
HEADER = "no,姓名,time\n"
GOOD = HEADER + "9,王小明,2026-01-01\n"

_CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: {source}
name: {source}
version: 1.0.0
status: active
servers:
  - {{server: landing, {server}, customProperties: [{options}]}}
schema:
  - name: registration
    {table}
    logicalType: object
    properties:
      - {{name: source_record_id, physicalName: "no", logicalType: string, required: true, primaryKey: true}}
      - {{name: full_name, physicalName: 姓名, logicalType: string, classification: pii}}
      - {{name: phone, physicalName: 手机, logicalType: string, classification: pii}}
      - {{name: registered_at, physicalName: time, logicalType: timestamp, required: true}}
{more}
"""


class Home:
    """A home below `root`; each source is added with its contract and files."""

    def __init__(self, root: Path) -> None:
        self.settings: Settings = create_home(root)
        self.keys = load_keys(self.settings)
        self.root = self.settings.home

    def source(
        self,
        source: str,
        files: dict[str, str | bytes] | None = None,
        form: str = "csv",
        more: str = "",
        server: str | None = None,
        table: str | None = None,
        **options: object,
    ) -> Contract:
        listed = ", ".join(
            f"{{property: {name}, value: {json.dumps(value)}}}" for name, value in options.items()
        )
        path = self.root / "contracts" / f"{source}.yml"
        server = server or f'type: local, path: "landing/{source}/*", format: {form}'
        table = f"physicalName: {table}" if table else ""
        path.write_text(
            _CONTRACT.format(source=source, server=server, options=listed, more=more, table=table), "utf-8"
        )
        self.landing(source).mkdir(parents=True, exist_ok=True)
        for name, content in (files or {}).items():
            data = content.encode() if isinstance(content, str) else content
            (self.landing(source) / name).write_bytes(data)
        return load_contract(path, self.root)

    def landing(self, source: str) -> Path:
        return self.root / "landing" / source

    def take(self, contract: Contract, loaded: datetime = LOADED) -> list[DeliveryReport]:
        found = list(ingest_source(contract, self.settings, self.keys, loaded).deliveries)
        for report in found:
            assert report.rows_in == report.accepted + report.quarantined + report.duplicate
            assert SECRET not in repr(report)
        return found

    def rows(
        self, columns: str = "source_record_id, full_name", kind: str = "registration"
    ) -> list[tuple[object, ...]]:
        conn = open_connection(self.settings, self.keys)
        found = conn.execute(
            f"SELECT {columns} FROM ({raw_relation_sql(self.root, kind)}) ORDER BY ALL"
        ).fetchall()
        conn.close()
        return found
