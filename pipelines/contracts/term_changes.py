"""What changed in terms, service levels and handling. They hold for every stored record too, from the next night on.

Who is harmed decides: a wider use, a longer keeping or a weaker ground harms the people in the records, whom the privacy
officer speaks for, and is breaking; a narrower one harms nobody. A fact that gives stored values another meaning is
breaking as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pipelines.contracts.change import BREAKING, COMPATIBLE, MAJOR, MINOR, Change
from pipelines.contracts.model import Contract, Terms
from pipelines.contracts.vocabularies import REVIEWED_ORIGIN_KINDS

_FREEDOM = {"lease": 0, "cooperation": 1, "purchase": 2, "own": 3}
"""How free one is with records that came in this way."""

_OFFICER = "Let the privacy officer decide"
_WIDER = "records that were given for less may be used for more"
_LONGER = "records may be used for longer than they were given for"
_KEPT_LONGER = "records would be kept for longer than was promised"
_NARROWER = "they may be used for less"
_FOR_THE_OFFICER = frozenset({_WIDER, _LONGER, _KEPT_LONGER})


def term_changes(before: Contract, after: Contract) -> Iterator[Change]:
    old, new = before.terms, after.terms
    if old.acquisition_mode != new.acquisition_mode:
        freer = _FREEDOM[new.acquisition_mode] > _FREEDOM[old.acquisition_mode]
        yield _term("acquisitionMode", old.acquisition_mode, new.acquisition_mode, is_breaking=freer,
                    why="records leave the terms that they came under" if freer else _NARROWER)  # fmt: skip
    if old.vendor != new.vendor:
        why = "all records stored so far would be told as another vendor's, with its price and claims"
        yield _term("vendor", old.vendor, new.vendor, is_breaking=old.vendor is not None, why=why,
                    remedy="Give the new vendor a contract and an id of its own")  # fmt: skip
    yield from _days(old, new)
    if old.max_uses != new.max_uses:
        raised = new.max_uses is None or (old.max_uses is not None and new.max_uses > old.max_uses)
        yield _term(
            "maxUses", old.max_uses, new.max_uses, is_breaking=raised, why=_WIDER if raised else _NARROWER
        )
    for name, was, now in (
        ("permittedChannels", old.permitted_channels, new.permitted_channels),
        ("permittedPurposes", old.permitted_purposes, new.permitted_purposes),
        ("recipientCountries", old.recipient_countries, new.recipient_countries),
    ):
        if set(was) != set(now):
            wider = _is_wider(was, now)
            yield _term(
                name, _listed(was), _listed(now), is_breaking=wider, why=_WIDER if wider else _NARROWER
            )
    if old.matching_only != new.matching_only:
        why = _WIDER if old.matching_only else _NARROWER
        yield _term(
            "matchingOnly", old.matching_only, new.matching_only, is_breaking=old.matching_only, why=why
        )
    yield from _grounds(old, new)
    yield from _price(old, new)


def _days(old: Terms, new: Terms) -> Iterator[Change]:
    if old.valid_from != new.valid_from:
        earlier = new.valid_from is None or (old.valid_from is not None and new.valid_from < old.valid_from)
        yield _term(
            "validFrom",
            old.valid_from,
            new.valid_from,
            is_breaking=earlier,
            why=_WIDER if earlier else _NARROWER,
        )
    if old.valid_to != new.valid_to:
        later = new.valid_to is None or (old.valid_to is not None and new.valid_to > old.valid_to)
        why = _LONGER if later else _NARROWER
        # A lease that was renewed is everyday business: the next minor version says that it is meant.
        declared_by = MINOR if later and new.valid_to is not None else MAJOR
        yield _term(
            "validTo", old.valid_to, new.valid_to, is_breaking=later, why=why, declared_by=declared_by
        )


def _grounds(old: Terms, new: Terms) -> Iterator[Change]:
    """On what ground records are held: a first one harms nobody, another one must be looked at."""
    for name, was, now in (
        ("legalBasis", old.legal_basis, new.legal_basis),
        ("licence", old.licence, new.licence),
    ):
        if was != now:
            why = "the records stored so far were taken on another ground" if was else "a ground is recorded"
            yield _term(name, was, now, is_breaking=was is not None, why=why)
    if old.origin_kind != new.origin_kind:
        freed = old.origin_kind in REVIEWED_ORIGIN_KINDS and new.origin_kind not in REVIEWED_ORIGIN_KINDS
        yield _term("originKind", old.origin_kind, new.origin_kind, is_breaking=freed,
                    why="records that needed a legal review would need none" if freed else "how the circle is called")  # fmt: skip
    for name, was, now in (
        ("legalReview", old.legal_review, new.legal_review),
        ("reciprocity", old.reciprocity, new.reciprocity),
        ("vendorType", old.vendor_type, new.vendor_type),
    ):
        if was != now:
            yield _term(name, was, now, is_breaking=False, why="what is noted about the terms")


def _price(old: Terms, new: Terms) -> Iterator[Change]:
    if old.price_currency != new.price_currency:
        why = "the cost of every record, also of those paid before, would be told in another currency"
        yield _term("priceCurrency", old.price_currency, new.price_currency, is_breaking=old.price_currency is not None,
                    why=why, remedy="Give what comes at the new price a contract of its own")  # fmt: skip
    for name, was, now in (
        ("priceAmount", old.price_amount, new.price_amount),
        ("priceUnit", old.price_unit, new.price_unit),
        ("netNameGuarantee", old.net_name_guarantee, new.net_name_guarantee),
    ):
        if was != now:
            why = "vendor scorecards count with it, also for records paid before"
            yield _term(name, was, now, is_breaking=False, why=why)


def handling_changes(before: Contract, after: Contract) -> Iterator[Change]:
    for name, was, now, what in (
        ("defaultCountry", before.default_country, after.default_country, "telephones, dates and addresses"),
        ("defaultCurrency", before.default_currency, after.default_currency, "amounts"),
    ):
        if was != now:
            why = f"{what} that name none would mean another thing, also in stored records"
            first = f"{what} that name none get a meaning; none that had one gets another"
            yield _term(name, was, now, is_breaking=was is not None, why=why if was else first)
    if before.channel != after.channel:
        yield _term("channel", before.channel, after.channel, is_breaking=True,
                    why="all records stored so far would be told as come another way, and figures by channel change",
                    remedy="Give what comes the other way a contract and an id of its own")  # fmt: skip
    if before.delivery_mode != after.delivery_mode:
        closes = "snapshot" in (before.delivery_mode, after.delivery_mode)
        why = (
            "whether a record that a delivery lacks is closed" if closes else "nothing is read in another way"
        )
        yield _term("deliveryMode", before.delivery_mode, after.delivery_mode, is_breaking=closes, why=why)
    for name, what, why in (
        ("sourceRank", "source_rank", "which source's value wins in a golden record"),
        ("maxQuarantineShare", "max_quarantine_share", "when a file is refused"),
        ("shrinkLimit", "shrink_limit", "when a snapshot is refused"),
        ("landingRetention", "landing_retention_days", "how long files stay in landing"),
    ):
        old, new = getattr(before, what), getattr(after, what)
        if old != new:
            yield _term(name, old, new, is_breaking=False, why=why)
    yield from _service_levels(before, after)


def _service_levels(before: Contract, after: Contract) -> Iterator[Change]:
    days, later = before.sla.retention_days, after.sla.retention_days
    if days != later:
        longer = later is None or (days is not None and later > days)
        why = _KEPT_LONGER if longer else "records are kept for less long"
        yield _term("retention", days, later, is_breaking=longer, why=why)
    for name in ("frequency_hours", "latency_hours", "latency_field"):
        was, now = getattr(before.sla, name), getattr(after.sla, name)
        if was != now:
            yield _term(name, was, now, is_breaking=False, why="when a source counts as late")


def _term(  # noqa: PLR0913 - the facts of one change
    name: str,
    before: object,
    after: object,
    *,
    is_breaking: bool,
    why: str,
    remedy: str = "",
    declared_by: str = MAJOR,
) -> Change:
    was, now = (None if value is None else str(value) for value in (before, after))
    if not is_breaking:
        return Change(f"terms/{name}", f"{name}_changed", COMPATIBLE, was, now, why)
    told = remedy or (_OFFICER if why in _FOR_THE_OFFICER else "")
    return Change(f"terms/{name}", f"{name}_changed", BREAKING, was, now, why, told, declared_by)


def _is_wider(before: Collection[str], after: Collection[str]) -> bool:
    """Nothing said, or `any`, is everything."""
    if not before or "any" in before:
        return False
    return not after or "any" in after or bool(set(after) - set(before))


def _listed(values: Collection[str]) -> str | None:
    return ", ".join(sorted(values)) or None
