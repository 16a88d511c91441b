"""Whether the values of a column can be those of a canonical field, and which field values alone give away."""

from __future__ import annotations

from pipelines.contracts.column_values import Shape
from pipelines.contracts.fields import Field

_NUMBERS = frozenset({"decimal", "number", "integer"})
_NAMES = frozenset({"full_name", "family_name", "given_name", "middle_name", "native_name"})
_NO_NAME = (
    "email",
    "time",
    "resident_id",
    "mobile_cn",
    "phone",
    "number",
    "address_ip",
    "link",
    "code",
    "flag",
)
_PHONES = ("mobile_cn", "phone")
_LIKE_PHONES = (*_PHONES, "number", "code")  # 4420… without +, 1.38E+10, '138…
_FEWEST = 2  # filled cells that may deny what a name says
_MOST = 0.6
_FEW = 0.3

_CODES = frozenset({"source_record_id", "transaction_id", "member_no", "customer_ref", "product_id"})
_WORDS = frozenset({"country", "gender", "city", "province", "payment_method", "order_status"})
_NEVER: dict[str, tuple[tuple[str, ...], float]] = {
    **dict.fromkeys(_CODES, (("email", "time"), _MOST)),
    **dict.fromkeys(_WORDS, (("email", "time", "link"), 0.5)),
    "postcode": (("email", "time"), 0.5),
    "address": (("email", "time", "number", *_PHONES), 0.5),
    "street": (("email", "time", "number", *_PHONES), 0.5),
}
"""Field -> forms that its values do not have, and the share above which they are none."""

_UNMISTAKABLE = (("email", ("email",)), ("national_id", ("resident_id",)), ("phone", ("mobile_cn",)))
"""Field -> forms that are nothing else."""


def verdict(field: Field, shape: Shape) -> bool | None:
    """True: the values are such; False: they are not; None: they do not tell, or are too few to deny it."""
    told = _verdict(field, shape) if shape.filled else None
    return None if told is False and shape.filled * shape.rows < _FEWEST else told


def _verdict(field: Field, shape: Shape) -> bool | None:
    name = field.name.rstrip("_123")
    if field.type in _NUMBERS:
        return _least(shape.share("number"))
    if field.type in {"date", "timestamp"}:
        # 20260603 and 1780000000 are dates too
        return _least(shape.share("time") or shape.share("number", "mobile_cn", "phone") * _MOST)
    if field.type == "boolean":
        return True if shape.share("flag") > _MOST else None
    if name in _NAMES:
        return _name(shape)
    return _text(name, shape)


def _least(share: float) -> bool | None:
    return True if share >= _MOST else False if share < _FEW else None


def _name(shape: Shape) -> bool | None:
    if shape.share(*_NO_NAME) > 0.5:
        return False
    return True if shape.share("han_name", "words") >= _MOST else None


def _text(name: str, shape: Shape) -> bool | None:
    if name in {"email", "national_id"}:
        return _least(
            shape.share(*(("email",) if name == "email" else ("resident_id", "code", "number", *_PHONES)))
        )
    if name == "phone":
        if shape.share("email", "time", "words", "han_name", "text", "link") > 1 - _FEW:
            return False
        return True if shape.share(*_LIKE_PHONES) >= _MOST else None
    if name == "currency":
        return shape.longest <= 12 and not shape.share("number", "time", "email")
    if name == "postcode" and shape.longest > 20:
        return False
    if name in _NEVER:
        forms, limit = _NEVER[name]
        if shape.share(*forms) > limit:
            return False
    if name in _CODES:
        return True if shape.share("code", "number", *_PHONES) > _MOST else None
    return None


def given_away(shape: Shape) -> str | None:
    """The field that the values are, whatever the column is called; None for values that could be many things."""
    if shape.filled * shape.rows < 3:
        return None
    for field, forms in _UNMISTAKABLE:
        if shape.share(*forms) >= 0.9:
            return field
    return None


def is_time(shape: Shape) -> bool:
    return shape.share("time") >= 0.9


def is_money(shape: Shape) -> bool:
    return shape.share("number") >= 0.9 and shape.has_decimals


def is_code(shape: Shape) -> bool:
    return shape.share("code") >= 0.9 or (shape.share("code", "number") >= 0.9 and shape.share("code") > 0)
