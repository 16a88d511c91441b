"""What people read is what contracts, purposes and receivers say, and the data product's ports point at contracts that exist."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.load import load_contracts
from pipelines.contracts.model import Contract
from pipelines.privacy.data_product import OutputContract, check_product, data_product
from pipelines.privacy.notice import (
    House,
    Purpose,
    Receiver,
    Shown,
    fields_by_class,
    render_notice,
    render_record,
    rows_of,
)
from pipelines.settings import PROJECT_ROOT

HOUSE = House("Example <Ltd>", "privacy@example.com")


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> list[Contract]:
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(PROJECT_ROOT / "data" / "contracts", home / "contracts")
    return list(load_contracts(home).contracts)


def shown(contracts: list[Contract], **changes: Any) -> Shown:
    values: dict[str, Any] = {
        "house": HOUSE, "day": date(2031, 1, 1), "contracts": contracts,
        "purposes": [Purpose("survey", "consent"), Purpose("provision", "separate_consent")],
        "receivers": [Receiver("Mail house", "processor", "DE", "C-1", "contract no. 7")], "exports": {("survey", ""): (2, 31)},
    }  # fmt: skip
    return Shown(**{**values, **changes})


def test_the_notice_tells_every_source_and_how_long_it_stays(contracts: list[Contract]) -> None:
    page = render_notice(shown(contracts))
    for contract in contracts:
        assert contract.name in page
        assert f"{contract.sla.retention_days:,} days" in page
    assert "Example &lt;Ltd&gt;" in page
    assert "privacy@example.com" in page
    assert "asking for your opinion 问卷调查" in page
    # what is done with data stands apart from what people are contacted for
    assert page.index("单独同意与拒绝") < page.index("giving your data to others") < page.index("接收方")
    assert "Mail house" in page
    assert "DE (contract no. 7)" in page
    assert "sensitive 敏感信息: Band of income" in page
    assert "src=" not in page
    assert "href=" not in page


def test_a_source_that_ends_leaves_the_notice(contracts: list[Contract]) -> None:
    less = [contract for contract in contracts if contract.id != "list_leased"]
    assert "Orient Press" in render_notice(shown(contracts))
    assert "Orient Press" not in render_notice(shown(less))
    assert "Nobody. 无。" in render_notice(shown(less, receivers=[]))


def test_the_record_tells_terms_and_what_was_exported(contracts: list[Contract]) -> None:
    page = render_record(shown(contracts))
    assert "list_leased 1.0.0" in page
    assert "2026-01-01 - 2027-12-31" in page
    assert "none recorded" in page
    assert "<td>stayed in the house</td><td>2</td><td>31</td>" in page
    entries = [{"purpose": "survey", "receiver": None, "rows": 3}, {"purpose": "survey", "rows": 4}]
    assert rows_of(entries) == {("survey", ""): (2, 7)}


def test_a_field_has_the_stricter_class_of_ours_and_the_contracts(contracts: list[Contract]) -> None:
    found = fields_by_class(contracts)
    assert list(found)[:2] == ["pii", "sensitive"]
    assert "Band of income" in found["sensitive"]
    assert not [name for name in found["internal"] if name in ("E-mail address", "Band of income")]


def product(contracts: list[Contract]) -> dict[str, Any]:
    return data_product(HOUSE, "home-1", "v1", contracts, [OutputContract("crm_customers", "1.0.0", "CRM")])


def known(contracts: list[Contract]) -> list[tuple[str, str]]:
    return [*((one.id, one.version) for one in contracts), ("crm_customers", "1.0.0")]


def test_the_data_product_is_sound_and_its_ports_are_contracts(contracts: list[Contract]) -> None:
    document = product(contracts)
    assert check_product(document, known(contracts)) == []
    assert {port["contractId"] for port in document["inputPorts"]} == {one.id for one in contracts}
    assert check_product(document, known(contracts)[1:]) != []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda one: one.update(kind="DataContract"), "kind"),
        (lambda one: one.update(status="alive"), "status"),
        (lambda one: one.pop("id"), "'id' is a required property"),
        (lambda one: one["inputPorts"][0].pop("contractId"), "contractId"),
        (lambda one: one["outputPorts"][0].update(contractid="x"), "contractid"),
        (
            lambda one: one["outputPorts"][0].update(version="2.0.0"),
            "there is no contract crm_customers 2.0.0",
        ),
    ],
)
def test_what_the_standard_does_not_allow_is_told(
    contracts: list[Contract], change: Callable[[dict[str, Any]], Any], told: str
) -> None:
    document = product(contracts)
    change(document)
    assert told in " ".join(check_product(document, known(contracts)))
    assert Path(contracts[0].path).is_file()
