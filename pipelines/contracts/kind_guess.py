"""Which record kind a file holds: from the fields that its columns can only mean, and from its values."""

from __future__ import annotations

from pipelines.contracts.column_names import meant_fields
from pipelines.contracts.field_evidence import is_money, is_time, verdict
from pipelines.contracts.fields import fields_of
from pipelines.contracts.sample import Sample
from pipelines.contracts.vocabularies import KINDS

DEFAULT_KIND = "registration"

_TELLING: dict[str, dict[str, float]] = {
    "transaction": {"amount": 2, "unit_price": 2, "order_total": 2, "quantity": 1, "transacted_at": 2, "transaction_id": 2,
                    "order_status": 1, "payment_method": 1, "product_id": 1, "shipping_amount": 1, "discount_amount": 1,
                    "refund_amount": 1, "tax_amount": 1, "store_id": 0.5, "currency": 1},
    "interaction": {"occurred_at": 2, "interaction_type": 2, "outcome": 1, "author": 1, "question_code": 2, "answer": 2,
                    "score": 1, "text": 0.5, "is_holdout": 2, "device": 0.5},
    "suppression": {"scope": 1, "scope_value": 1, "effective_at": 2, "reason": 1},
    "verification": {"verified_at": 1.5, "method": 1.5, "result": 1.5},
    "organisation": {"role": 1, "industry": 1.5, "size": 1, "organisation_id": 1, "status_at": 1},
    "purchased_list": {"collected_at": 1.5, "verification_count": 2, "times_used": 2, "segment_code": 2,
                       "last_verified_at": 1},
    "registration": {"registered_at": 2, "birth_date": 1.5, "gender": 1, "consent_marketing": 2, "membership_tier": 1,
                     "membership_status": 1, "education": 1, "marital_status": 1, "occupation": 0.5, "job_title": 0.5},
}  # fmt: skip
"""Kind -> fields that speak for it, with their weight; a registration is also what nothing is said of."""
_ENOUGH = 3.0
_MONEY = 1.5  # a column of money with a column of times, whatever they are called


def guess_kind(sample: Sample) -> tuple[str, list[str]]:
    """The likeliest kind, and the columns that speak for it (none: nothing speaks for another than registration)."""
    scores: dict[str, float] = dict.fromkeys(KINDS, 0.0)
    speaking: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for kind, weights in _TELLING.items():
        for column in sample.columns:
            weight = max((weights.get(name, 0) for name in _meant(kind, column, sample)), default=0)
            if weight:
                scores[kind] += weight
                speaking[kind].append(column)
    scores["transaction"] += _MONEY * _has_priced_times(sample)
    best = max(_TELLING, key=lambda kind: (scores[kind], kind == DEFAULT_KIND))
    return (best, speaking[best]) if scores[best] >= _ENOUGH else (DEFAULT_KIND, [])


def _meant(kind: str, column: str, sample: Sample) -> list[str]:
    """Fields that the column may mean and its values do not deny."""
    fields = fields_of(kind)
    shape = sample.shapes[column]
    return [
        name for name in meant_fields(column) if name in fields and verdict(fields[name], shape) is not False
    ]


def _has_priced_times(sample: Sample) -> bool:
    """Whether a column of money stands beside a column of times that is no birthday and no registration."""
    times = [column for column, shape in sample.shapes.items() if is_time(shape)]
    others = [column for column in times if not {"birth_date", "registered_at"} & {*meant_fields(column)}]
    return bool(others) and any(map(is_money, sample.shapes.values()))
