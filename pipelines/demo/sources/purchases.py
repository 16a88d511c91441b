"""Purchases: till receipts of the stores and order lines of the app."""

from __future__ import annotations

from datetime import datetime

from pipelines.demo.behaviour import goes_with
from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.person import CHINESE, Person

Product = tuple[str, str, float]
PRODUCTS: tuple[Product, ...] = (
    ("A1001", "家电", 399.0), ("A1002", "家电", 1299.0), ("A1003", "家电", 89.0), ("B2001", "厨具", 59.0),
    ("B2002", "厨具", 129.0), ("B2003", "厨具", 19.9), ("C3001", "服饰", 199.0), ("C3002", "服饰", 79.0),
    ("C3003", "服饰", 329.0), ("D4001", "美妆", 159.0), ("D4002", "美妆", 69.0), ("E5001", "食品", 12.5),
    ("E5002", "食品", 25.8), ("E5003", "食品", 8.9), ("F6001", "图书", 45.0), ("F6002", "图书", 32.0),
)  # fmt: skip
_RATES = (0, 0, 1, 1, 1, 2, 2, 3, 5)


def store_pos(person: Person, desk: Desk) -> list[Draft]:
    """Receipts: members show their number, some others give a telephone and are called 王先生."""
    dice = desk.dice
    drafts: list[Draft] = []
    if not person.member_no:
        if dice.chance(0.12):
            at = desk.moment(800)
            phone = person.phone_at(at)
            if phone is not None and phone.private:
                head = desk.draft("store_pos", person, at)
                head.phone = phone
                head.name_form = "honorific" if dice.chance(0.6) else ""
                drafts.extend(_lines(head, desk))
        return drafts
    for _ in range(dice.pick(_RATES)):
        head = desk.draft("store_pos", person, desk.moment(1000))
        head.member_no = person.member_no
        drafts.extend(_lines(head, desk))
    return drafts


def ecommerce_orders(person: Person, desk: Desk) -> list[Draft]:
    """Orders of people with an account; the parcel's receiver, number and address are of the order's time."""
    dice = desk.dice
    drafts: list[Draft] = []
    if not person.account:
        return drafts
    for _ in range(dice.pick((1, 1, 1, 1, 2, 2, 3))):
        head = desk.draft("ecommerce_orders", person, desk.moment(1000))
        desk.give(head, name=1, phone=0.97, email=0.25, home=0.97)
        head.account = person.account
        if person.unionid and dice.chance(0.5):
            head.unionid = person.unionid
        drafts.extend(_lines(head, desk))
    return drafts


def _lines(head: Draft, desk: Desk) -> list[Draft]:
    """One or a few lines of one receipt or order; all of them name the person the same way."""
    dice = desk.dice
    number = f"{head.key}R" if head.source == "store_pos" else f"O{head.key[1:]}"
    count = dice.pick((1, 1, 1, 2, 2, 3))
    returned = dice.chance(0.02)
    shared: dict[str, str | datetime] = {
        "transaction_id": number,
        "store_id": f"S{dice.whole(1, 40):03d}",
        "payment_method": dice.pick(("微信", "支付宝", "现金", "银行卡")),
        "currency": "CNY" if head.person.group == CHINESE or head.source == "store_pos" else "USD",
        "coupon_code": f"C{dice.whole(1000, 9999)}" if dice.chance(0.12) else "",
    }
    lines = [head] + [head.copy_as(desk.key(head.source)) for _ in range(count - 1)]
    first: Product | None = None
    for place, line in enumerate(lines, start=1):
        drawn = dice.pick(PRODUCTS)
        product = goes_with(first, drawn, PRODUCTS) if first else drawn
        first = first or product
        line.values = {**shared, **_product(product, desk, returned), "line_number": str(place)}
    return lines


def _product(product: Product, desk: Desk, returned: bool) -> dict[str, str | datetime]:
    dice = desk.dice
    code, category, price = product
    quantity = dice.pick((1, 1, 1, 1, 2, 3))
    amount = round(price * quantity * (1 - 0.1 * dice.whole(0, 2)), 2)
    return {
        "product_id": code,
        "product_category": category,
        "quantity": str(-quantity if returned else quantity),
        "amount": f"{-amount if returned else amount:.2f}",
        "is_return": "true" if returned else "false",
    }


def anonymous_lines(desk: Desk, person: Person, count: int) -> list[Draft]:
    """Cash receipts that name nobody; `person` only fills the slot, truth says that they belong to no one."""
    drafts: list[Draft] = []
    for _ in range(count):
        at: datetime = desk.moment(800)
        drafts.extend(_lines(desk.draft("store_pos", person, at), desk))
    return drafts
