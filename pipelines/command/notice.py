"""`ucv notice`: what is published for people and catalogues, made from contracts, purposes, receivers and the export ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from pipelines.contracts.load import load_contracts
from pipelines.contracts.model import Contract
from pipelines.errors import ContractError, UcvError
from pipelines.exports.file_contract import find_file_contract
from pipelines.exports.ledger import read_ledger
from pipelines.exports.receivers import find_receiver
from pipelines.privacy.data_product import OutputContract, check_product, data_product
from pipelines.privacy.notice import (
    House,
    Receiver,
    Shown,
    read_purposes,
    render_notice,
    render_record,
    rows_of,
)
from pipelines.publishing.version import current_version
from pipelines.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings
from pipelines.storage.durable import write_file
from pipelines.storage.keys import Keys

_SHIPPED = PROJECT_ROOT / "pipelines" / "exports" / "contracts"


class NoticeError(UcvError):
    """Nothing was written: who answers for the data is not told, or the data product file would be wrong (exit 2)."""

    exit_code = 2


def write_notice(settings: Settings, keys: Keys, house: str, contact: str) -> list[Path]:
    """Write the privacy notice, the record of processing and the data product file into docs/; return their paths.

    Raises NoticeError without a house or contact; ContractError for a contract that cannot be read, since a notice without it
    would not be true.
    """
    if not house.strip() or not contact.strip():
        raise NoticeError(
            "Who answers for the data and where people write to stands on the page: give --house and --contact."
        )
    found = load_contracts(settings.home)
    if found.problems:
        raise ContractError("A contract cannot be read, and the notice would leave it out; see `ucv check`.")
    contracts = [contract for contract in found.contracts if contract.active]
    shown = Shown(
        House(house.strip(), contact.strip()),
        settings.export_day(),
        contracts,
        read_purposes((DBT_PROJECT_DIR / "seeds" / "purposes.csv").read_text(encoding="utf-8")),
        list(_receivers(settings)),
        rows_of(read_ledger(settings.home, keys.tokeniser())),
    )
    folder = settings.home / "docs"  # beside the folders of runs, which go after a while
    texts = {
        "privacy_notice.html": render_notice(shown),
        "record_of_processing.html": render_record(shown),
        "data_product.yml": _product(settings, shown, contracts),
    }
    for name, text in texts.items():
        write_file(folder / name, text)
    return [folder / name for name in texts]


def _receivers(settings: Settings) -> Iterator[Receiver]:
    for path in sorted((settings.home / "receivers").glob("*.yml")):
        one = find_receiver(settings.home, path.stem)
        yield Receiver(one.title, one.role, one.country, one.contract, one.transfer_basis)


def _product(settings: Settings, shown: Shown, contracts: list[Contract]) -> str:
    folders = (_SHIPPED, settings.home / "export_contracts")
    names = sorted({path.stem for folder in folders for path in folder.glob("*.yml")})
    outputs = [
        OutputContract(one.name, one.version, one.title)
        for one in (find_file_contract(name, *folders) for name in names)
    ]
    document = data_product(
        shown.house,
        str(settings.home_id),
        current_version(settings.home) or "unpublished",
        contracts,
        outputs,
    )
    wrong = check_product(document, [(one.id, one.version) for one in (*contracts, *outputs)])
    if wrong:
        raise NoticeError("The data product file would be wrong: " + "; ".join(wrong))
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
