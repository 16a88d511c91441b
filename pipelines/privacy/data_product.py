"""The data product file of a home (Open Data Product Standard 1.0): what comes in, what goes out, under which contracts.

Input ports name the contracts of the sources, output ports the contracts of files that leave; `check_product` holds a file against
`data_product_schema.json`, the required parts of the standard, and its ports against the contracts that exist.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft201909Validator

from pipelines.contracts.model import Contract
from pipelines.privacy.notice import House

API_VERSION = "v1.0.0"


@dataclass(frozen=True)
class OutputContract:
    """The contract of a file that leaves: its id, version and name."""

    id: str
    version: str
    name: str


def data_product(
    house: House, home_id: str, version: str, contracts: Sequence[Contract], outputs: Sequence[OutputContract]
) -> dict[str, Any]:
    """The document; `version` is that of the published data, which is new each night that brings news."""
    inputs = [{"id": contract.id, "version": contract.version} for contract in contracts]
    return {
        "apiVersion": API_VERSION,
        "kind": "DataProduct",
        "id": home_id,
        "name": "Unified customer view",
        "version": version,
        "status": "active",
        "domain": "customer",
        "tenant": house.name,
        "description": {
            "purpose": "One trusted view of each customer from many sources",
            "limitations": "Contacts are used by the rules of exports alone: consent, opt-outs, and terms of every source",
            "usage": "`ucv query` for figures, `ucv export` for whoever is contacted",
        },
        "inputPorts": [
            {"name": contract.id, "version": contract.version, "contractId": contract.id} for contract in contracts
        ],
        "outputPorts": [
            {
                "name": output.id, "description": output.name, "type": "file", "version": output.version,
                "contractId": output.id, "inputContracts": inputs,
            } for output in outputs
        ],
        "managementPorts": [
            {"name": "run report", "content": "observability", "type": "page", "description": "Checks, deliveries, freshness"}
        ],
        "support": [{"channel": "privacy", "url": house.contact}],
        "team": {"name": house.name, "members": []},
    }  # fmt: skip


def check_product(document: dict[str, Any], known: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong, in words; nothing when it is sound. `known` are the (id, version) of contracts that exist."""
    there = set(known)
    wrong = [
        f"{'/'.join(map(str, error.absolute_path)) or 'the document'}: {error.message}"
        for error in _validator().iter_errors(document)
    ]
    for side in ("inputPorts", "outputPorts"):
        for port in document.get(side) or []:
            for told in [
                {"id": port.get("contractId"), "version": port.get("version")},
                *(port.get("inputContracts") or []),
            ]:
                if (told.get("id"), told.get("version")) not in there:
                    wrong.append(
                        f"{side}/{port.get('name')}: there is no contract {told.get('id')} {told.get('version')}"
                    )
    return wrong


@cache
def _validator() -> Any:
    text = (
        files(__package__ or "pipelines.privacy")
        .joinpath("data_product_schema.json")
        .read_text(encoding="utf-8")
    )
    return Draft201909Validator(json.loads(text))
