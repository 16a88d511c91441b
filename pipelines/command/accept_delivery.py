"""`ucv accept-delivery`: somebody answers, by name and with a reason, for a delivery that was refused or that a check warns of."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console

from pipelines.contracts.load import load_contracts
from pipelines.contracts.model import Contract
from pipelines.errors import ContractError, SettingsError
from pipelines.ingest.acceptance import Acceptance, accept, read_acceptances
from pipelines.ingest.arrivals import landed_files
from pipelines.ingest.manifests import list_deliveries
from pipelines.ingest.source import landed_id
from pipelines.settings import Settings

_ID = re.compile(r"[0-9a-f]{32}")
_LOCAL = "local"


def accept_delivery(  # noqa: PLR0913, PLR0917 - the words of the command
    settings: Settings, source: str, delivery: str, name: str, reason: str, console: Console
) -> Acceptance:
    """Record the acceptance of a file's name or a delivery_id of `source`, once.

    Raises ContractError for an unknown source, SettingsError where the delivery is not found or is accepted already.
    """
    contract = next((one for one in load_contracts(settings.home).contracts if one.id == source), None)
    if contract is None:
        raise ContractError(f"No contract of {settings.home} that can be used has the id {source!r}.")
    delivery_id, file_name = _find(settings.home, contract, delivery)
    known = read_acceptances(settings.home).get((source, delivery_id))
    if known is not None:
        raise SettingsError(
            f"{file_name} was accepted by {known.name} on {known.accepted_at[:10]}: {known.reason}. Nothing is to be done."
        )
    made = accept(settings.home, delivery_id, source, file_name, name, reason)
    stored = any(
        one["delivery_id"] == delivery_id for one in list_deliveries(settings.home, contract.kind, source)
    )
    then = "its checks pass, and what it changed is learned from it on" if stored else "the next run takes it"
    console.print(
        f"{source}: {file_name} ({delivery_id[:8]}) accepted by {made.name}; {then}.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return made


def _find(home: Path, contract: Contract, delivery: str) -> tuple[str, str]:
    """delivery_id and file name: of a file in landing, which waits for an answer, else of a stored delivery, else the id as given."""
    landed = landed_files(contract, home) if contract.server.type == _LOCAL else []
    for path in landed:
        if path.is_file() and path.name == delivery:
            return landed_id(contract, home, path), path.name
    stored = sorted(
        list_deliveries(home, contract.kind, contract.id), key=lambda one: str(one.get("loaded_at"))
    )
    for one in reversed(stored):
        if delivery in (one["delivery_id"], one["file_name"]):
            return str(one["delivery_id"]), str(one["file_name"])
    if _ID.fullmatch(delivery):
        return delivery, delivery
    names = ", ".join(sorted(path.name for path in landed)[:5]) or "none"
    raise SettingsError(
        f"{contract.id} has no delivery {delivery!r}; expected a file's name or a delivery_id of 32 hex digits. In landing: {names}."
    )
