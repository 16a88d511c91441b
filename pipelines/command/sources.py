"""What the command does for one source: a contract from a sample, the claim file of its rejected rows."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from pipelines.contracts.draft import Draft
from pipelines.contracts.draft_lines import doubts
from pipelines.contracts.template import new_draft, written
from pipelines.errors import ContractError
from pipelines.ingest.claims import write_claims
from pipelines.ingest.sniffing import sniff
from pipelines.publishing.contracts_in_force import contracts_in_force
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys


def write_contract(
    settings: Settings, source: str, kind: str | None, sample: Path | None, console: Console
) -> None:
    """Write contracts/<source>.yml and make its landing folder. Raises ContractError rather than overwrite one."""
    if sample is not None and not sample.is_file():
        raise ContractError(
            f"The sample {sample} is {'a directory' if sample.is_dir() else 'not there'}; expected a delivered file."
        )
    draft = new_draft(source, kind, sniff(sample) if sample else None)
    path = settings.home / "contracts" / f"{source}.yml"
    if path.exists():
        raise ContractError(f"{path} exists; edit it, or choose another id.")
    for folder in (path.parent, settings.home / "landing" / source):
        folder.mkdir(parents=True, exist_ok=True)
    path.write_text(written(source, draft), encoding="utf-8")
    if sample:
        _tell(draft, console)
    console.print(
        f"{path}: see that the columns are right, then `ucv check`.", highlight=False, soft_wrap=True
    )


def _tell(draft: Draft, console: Console) -> None:
    """What was understood of the sample, and how sure it is; no value."""
    sure, likely, doubtful = doubts(draft)
    lines = [
        f"kind: {draft.kind} ({draft.kind_why})",
        f"columns: {sure} sure, {likely} likely, {doubtful} doubtful, {len(draft.sample.columns) - len(draft.mapped)} not mapped",
        f"key: {', '.join(draft.key.key) or 'derived, for no column is filled and different on every row'}",
    ]
    if draft.key.fill_down:
        lines.append(
            f"filled on an order's first row only, to be filled down: {', '.join(draft.key.fill_down)}"
        )
    for line in lines:
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def write_rejects(settings: Settings, source: str, delivery_id: str | None, console: Console) -> None:
    """Write the claim file of a source. Raises ContractError for a source without usable contract."""
    contract = next(
        (one for one in contracts_in_force(settings.home).build.contracts if one.id == source), None
    )
    if contract is None:
        raise ContractError(
            f"No contract of {settings.home} that can be used has the id {source!r}; `ucv check` tells of all."
        )
    path, lines = write_claims(contract, settings, load_keys(settings), delivery_id)
    console.print(f"{lines:,} claims in {path}", highlight=False, soft_wrap=True)
