"""Under which terms records came and for what they may be used: vendor, lease, price and legal basis."""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.contracts.columns import Table
from pipelines.contracts.customs import Customs, Node, is_number
from pipelines.contracts.model import Terms
from pipelines.contracts.problems import Findings, shown
from pipelines.contracts.vocabularies import (
    ACQUISITION_MODES,
    CHANNELS,
    EXPORT_CHANNELS,
    LEGAL_RESERVE_CHANNELS,
    OPEN_DATA_CHANNEL,
    ORIGIN_KINDS,
    REVIEWED_ORIGIN_KINDS,
)

TERM_PROPERTIES = (
    "acquisitionMode",
    "vendor",
    "vendorType",
    "validFrom",
    "validTo",
    "maxUses",
    "permittedChannels",
    "permittedPurposes",
    "netNameGuarantee",
    "legalBasis",
    "licence",
    "reciprocity",
    "recipientCountries",
    "originKind",
    "legalReview",
    "matchingOnly",
)

_PERSON_FIELDS = frozenset(
    {
        "full_name",
        "family_name",
        "given_name",
        "native_name",
        "birth_date",
        "national_id",
        "passport_no",
        "driver_license_no",
    }
)
_MOST_USES = 1_000_000_000
_HIGHEST_PRICE = 1_000_000_000


def read_terms(
    values: Node, customs: Customs, channel: str, table: Table | None, findings: Findings
) -> Terms:
    """The terms of a contract; breaches of the rules between them go to the findings."""
    amount, currency, unit = _price(values.get("price"), findings)
    terms = Terms(
        acquisition_mode=customs.choice("acquisitionMode", ACQUISITION_MODES) or "own",
        vendor=customs.text("vendor"),
        vendor_type=customs.text("vendorType"),
        valid_from=customs.day("validFrom"),
        valid_to=customs.day("validTo"),
        max_uses=customs.whole("maxUses", _MOST_USES),
        permitted_channels=customs.words("permittedChannels", EXPORT_CHANNELS | CHANNELS),
        permitted_purposes=customs.words("permittedPurposes"),
        net_name_guarantee=customs.share("netNameGuarantee"),
        legal_basis=customs.text("legalBasis"),
        licence=customs.text("licence"),
        reciprocity=customs.text("reciprocity"),
        recipient_countries=customs.countries("recipientCountries"),
        price_amount=amount,
        price_currency=currency,
        price_unit=unit,
        origin_kind=customs.choice("originKind", ORIGIN_KINDS),
        legal_review=customs.text("legalReview"),
        matching_only=customs.flag("matchingOnly") or False,
    )
    _check_together(terms, customs, findings)
    if channel == OPEN_DATA_CHANNEL and not terms.licence:
        customs.missing(
            "licence",
            f"under which licence the data is open, such as CC-BY-4.0, because channel is {channel}",
        )
    _check_legal_reserve(terms, customs, channel, table)
    if terms.matching_only and table is not None and table.kind != "purchased_list":
        # What the rows of other kinds tell (purchases, contacts, opt-outs) is shown as facts of their own.
        expected = "records of the kind purchased_list, of which nothing but identity is used"
        findings.add(
            customs.place("matchingOnly"),
            f"true for {table.kind}",
            expected,
            "Remove matchingOnly, or deliver a list",
        )
    return terms


def _check_together(terms: Terms, customs: Customs, findings: Findings) -> None:
    mode = terms.acquisition_mode
    if mode == "lease" and not customs.has("validTo"):
        customs.missing("validTo", "the day on which the lease ends")
    if mode != "own" and not customs.has("vendor"):
        customs.missing("vendor", f"who gave the records, because acquisitionMode is {mode}")
    if terms.valid_from and terms.valid_to and terms.valid_from > terms.valid_to:
        expected = f"a day not before validFrom ({terms.valid_from})"
        findings.add(customs.place("validTo"), str(terms.valid_to), expected, "Swap or correct the two days")
    if terms.origin_kind in REVIEWED_ORIGIN_KINDS and not customs.has("legalReview"):
        customs.missing(
            "legalReview", f"the reference of a legal review, because originKind is {terms.origin_kind}"
        )


def _check_legal_reserve(terms: Terms, customs: Customs, channel: str, table: Table | None) -> None:
    """Legal reserve (requirements R23, R28, R29): an organisation's own data may load, people's may not."""
    if channel not in LEGAL_RESERVE_CHANNELS or table is None or customs.has("legalBasis"):
        return
    if table.kind != "organisation" or any(column.field in _PERSON_FIELDS for column in table.columns):
        why = f"the legal basis: data about persons from channel {channel} loads only with a recorded one"
        customs.missing("legalBasis", why)


def _price(price: object, findings: Findings) -> tuple[Decimal | None, str | None, str | None]:
    if not isinstance(price, dict):
        return None, None, None
    amount, currency, unit = (price.get(name) for name in ("priceAmount", "priceCurrency", "priceUnit"))
    exact = Decimal(str(amount)) if is_number(amount) else None
    if exact is not None and not 0 <= exact <= _HIGHEST_PRICE:
        findings.add(
            ("price", "priceAmount"),
            shown(amount),
            "an amount from 0 to a thousand million",
            "Correct the amount",
        )
        exact = None
    if isinstance(currency, str) and not re.fullmatch(r"[A-Z]{3}", currency):
        findings.add(
            ("price", "priceCurrency"),
            shown(currency),
            "an ISO 4217 currency",
            "Write three capitals, such as CNY",
        )
    if amount is not None and currency is None:
        remedy = "Add priceCurrency: CNY, or another"
        findings.add(("price", "priceCurrency"), "no priceCurrency", "the currency of priceAmount", remedy)
    return exact, currency if isinstance(currency, str) else None, unit if isinstance(unit, str) else None
