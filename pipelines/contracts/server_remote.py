"""Servers that deliveries are fetched from: S3-compatible storage and PostgreSQL. Who logs in stands in no contract."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from pipelines.contracts.customs import Customs, Node, mappings
from pipelines.contracts.model import Database, Server
from pipelines.contracts.problems import Findings, Place, shown

DATABASE_OPTIONS = ("query", "watermark", "sslMode")
SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^\\\s]+")
_HOST = re.compile(r"[A-Za-z0-9_.:-]+|/[\w./-]+")  # a name, an address, or the folder of a socket


def read_bucket(node: Node, place: Place, server: Server | None, findings: Findings) -> Server | None:
    """`server` with its endpoint; `location` is s3://bucket/ and a pattern in which * stays within one level."""
    location, endpoint = node.get("location"), node.get("endpointUrl")
    if isinstance(location, str) and not _BUCKET.fullmatch(location):
        remedy = "Write it such as s3://bucket/folder/*.csv"
        findings.add((*place, "location"), shown(location), "s3://, a bucket and a pattern of names", remedy)
    if isinstance(endpoint, str):
        parts = urlsplit(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            remedy = (
                "Write it such as https://storage.example.com; keys stand in the environment or the key file"
            )
            findings.add((*place, "endpointUrl"), "another address", "http(s):// and a host alone", remedy)
    if server is None:
        return None
    return replace(server, type="s3", endpoint_url=endpoint if isinstance(endpoint, str) else None)


def read_database(node: Node, place: Place, tables: object, findings: Findings) -> Server | None:
    """Host, port, database and schema of the standard; the table is the schema object's physicalName."""
    options = Customs(node, place, DATABASE_OPTIONS, findings)
    query, watermark = options.text("query"), options.text("watermark")
    table = next((entry.get("physicalName") for _, entry in mappings(tables)), None)
    if (query is None) == (table is None):
        received = "a query beside a physicalName" if query else "neither a table nor a query"
        remedy = "Name the table as physicalName of the schema object, or write a custom property query"
        findings.add((*place, "customProperties"), received, "a table or a query", remedy)
    host, port, name, schema = (node.get(key) for key in ("host", "port", "database", "schema"))
    if isinstance(host, str) and not _HOST.fullmatch(host):
        remedy = "Write the name or address alone; user and password stand in the environment or the key file"
        findings.add((*place, "host"), "another text", "a host name or address", remedy)
    ssl_mode = options.choice("sslMode", SSL_MODES)
    number = int(port) if isinstance(port, int | str) and re.fullmatch("[0-9]{1,5}", str(port)) else 0
    if port is not None and not 0 < number < 65536:
        findings.add((*place, "port"), shown(port), "a port from 1 to 65535", "PostgreSQL's own is 5432")
    if not isinstance(host, str) or not isinstance(name, str) or not isinstance(schema, str):
        return None  # told by the standard's schema
    database = Database(
        host,
        number,
        name,
        schema,
        table if isinstance(table, str) else None,
        query,
        watermark,
        ssl_mode or "prefer",
    )
    return Server(
        path=f"postgres://{host}:{number}/{name}", format="parquet", type="postgres", database=database
    )
