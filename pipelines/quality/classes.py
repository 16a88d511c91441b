"""Classes of a field's values, whose shares are compared from delivery to delivery. A class names nobody.

Codes of closed lists and names of provinces and cities stand as they are, numbers and ages as steps of a fixed scale,
numbers of people as their shape (139-1234 is 999-9999), other text as a salted hash: whoever mistakes a column for another
must not put names into a check. A contract whose column has classification public lets its values stand.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from pipelines.contracts.fields import Field
from pipelines.contracts.model import Contract
from pipelines.contracts.vocabularies import FIELD_VOCABULARIES
from pipelines.functions.divisions import division_tables
from pipelines.storage.connection import quote

STEPS_A_DECADE = 4
"""Steps of numbers: the next begins at 1.78 times the one before, so that another currency's size is seen."""
_YEAR = 365.25
AGE_STEPS = (
    -366, -1, 0, 1, 3, 7, 14, 30, 60, 90, 180, *(round(years * _YEAR) for years in (1, 2, 3, 5, *range(10, 85, 5))),
)  # fmt: skip
"""Days before the delivery at which a step begins; negative is the future."""

_STANDARD = {"gender": "standardise_gender({f})", "country": "country_code({f})",
             "national_id_country": "country_code({f})", "marital_status": "standardise_marital_status({f})",
             "education": "standardise_education({f})", "occupation": "standardise_occupation({f})"}  # fmt: skip
_SHAPED = ("phone", "phone_2", "phone_3", "national_id", "passport_no", "postcode", "member_no")
_FREE = frozenset({
    "text", "answer", "birth_place", "job_title", "author", "scope_value", "prize_or_gift", "organisation_name", "organisation_id",
    "customer_ref", "referrer_id", "batch_id", "campaign_id", "transaction_id", "product_id", "coupon_code", "line_number",
    "user_agent", "psychographics",
})  # fmt: skip
"""Free text, lists of words, and codes that change with every campaign, order or release of a browser."""


def class_sql(field: Field, contract: Contract, delivered_at: datetime, salt: str) -> str | None:
    """SQL of the class of a field's value, null for a value that is not there; None for fields that have no classes."""
    name = field.name
    if name in _FREE:
        return None
    if field.type != "string":
        return _typed_class(field, delivered_at)
    if name in _SHAPED:
        shape = f"regexp_replace(regexp_replace({name}, '[0-9]', '9', 'g'), '[^9 +()/-]', 'a', 'g')"
        return f"nullif(left({shape}, 24), '')"
    if name in _STANDARD:
        return f"coalesce({_STANDARD[name].format(f=name)}, CASE WHEN {name} IS NOT NULL THEN 'unknown' END)"
    if _is_listed(field, contract):
        return f"nullif({name}, '')"
    if field.sensitivity == "pii":
        return None
    column = contract.column(name)
    if column and column.classification == "public":
        return f"nullif({name}, '')"
    hashed = f"'#' || left(md5({quote(salt)} || {name}), 8)"
    if name in ("province", "city"):
        hashed = f"CASE WHEN {name} IN ({_places()}) THEN {name} ELSE {hashed} END"
    return f"CASE WHEN {name} <> '' THEN {hashed} END"


@cache
def _places() -> str:
    """Names of provinces and cities of mainland China, as SQL literals: public, and nobody's name alone."""
    provinces, cities, _ = division_tables()
    return ", ".join(map(quote, sorted({*provinces, *cities})))


def _typed_class(field: Field, delivered_at: datetime) -> str:
    if field.type == "boolean":
        return f"{field.name}::VARCHAR"
    if field.type in {"date", "timestamp"}:
        return _age_step(field.name, delivered_at)
    return number_step(field.name)


def _is_listed(field: Field, contract: Contract) -> bool:
    """Whether every accepted value of the field stands in a list that somebody wrote down."""
    column = contract.column(field.name)
    return (contract.kind, field.name) in FIELD_VOCABULARIES or bool(column and column.enumeration)


def number_step(name: str) -> str:
    """SQL of the step of a number's size, with its sign."""
    step = f"floor(log10(abs({name}::DOUBLE)) * {STEPS_A_DECADE})::INTEGER"
    return f"CASE WHEN {name} = 0 THEN '0' WHEN {name} > 0 THEN '+' || {step} WHEN {name} < 0 THEN '-' || {step} END"


def _age_step(name: str, delivered_at: datetime) -> str:
    age = f"date_diff('day', {name}::TIMESTAMP, TIMESTAMP '{delivered_at}')"
    reached = " ".join(
        f"WHEN {age} >= {days} THEN '{index}'" for index, days in reversed([*enumerate(AGE_STEPS)])
    )
    return f"CASE WHEN {name} IS NULL THEN NULL {reached} ELSE 'future' END"
