"""8,000 records of mainland-Chinese customers, many of one name, in families that share numbers and addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from benchmarks.identity.generated.chinese_kin import ChinesePerson, family
from benchmarks.identity.generated.chinese_places import Home, address_written, any_home, line_of
from benchmarks.identity.generated.chinese_written import id_written, name_written, phone_written, plain
from benchmarks.identity.generated.delivered import Delivered, Row, deliver
from benchmarks.identity.generated.dice import Dice, words
from benchmarks.identity.generated.slips import digit_slip, typo

COLUMNS = ("姓名", "性别", "出生日期", "身份证号", "手机", "邮箱", "省份", "城市", "区县", "详细地址", "邮编")
RECORDS = 8_000
_YEAR = 2025
_RECORDS_EACH = {1: 0.36, 2: 0.30, 3: 0.20, 4: 0.14}
_PROVIDERS = ("163.com", "126.com", "sina.com", "gmail.com", "139.com", "outlook.com", "foxmail.com")


@dataclass(frozen=True)
class Customer:
    """One person at one time."""

    person: ChinesePerson
    home: Home
    mobile: str
    mailbox: str


def chinese(seed: int = 1) -> Delivered:
    """One source `chinese` of 8,000 rows."""
    dice = Dice(seed)
    rows: list[tuple[str, Row]] = []
    given_up: list[str] = []
    number = 0
    while len(rows) < RECORDS:
        home = any_home(dice)
        region = any_home(dice).region if dice.chance(0.4) else home.region
        next_home = any_home(dice, line_of(home.city)) if dice.chance(0.7) else any_home(dice)
        is_moved = dice.chance(0.13)
        members = family(dice, f"z{number}", region, _YEAR)
        shared = (
            f"{home.area_code}-{dice.between(2, 8)}{dice.digits(7)}" if dice.chance(0.15) else _mobile(dice)
        )
        for person in members:
            then = _customer(dice, person, home, shared, given_up)
            now = _changed(dice, then, next_home if is_moved else home, given_up)
            rows += [
                (person.key, _row(dice, dice.pick((then, now)))) for _ in range(dice.weighed(_RECORDS_EACH))
            ]
        number += 1
    return deliver(dice, {"chinese": COLUMNS}, {"chinese": rows[:RECORDS]})


def _customer(dice: Dice, person: ChinesePerson, home: Home, shared: str, given_up: list[str]) -> Customer:
    """One in five has the family's number, children most; some have a number that somebody gave up."""
    age = _YEAR - person.birth.year
    number = _mobile(dice)
    if dice.chance(0.75 if age < 14 or age > 75 else 0.16):
        number = shared
    elif given_up and dice.chance(0.06):
        number = given_up.pop(0)
    return Customer(person, home, number, _mailbox(dice, person, number))


def _changed(dice: Dice, then: Customer, home: Home, given_up: list[str]) -> Customer:
    """The person later: another home or mobile; the old mobile goes to somebody else."""
    changed = replace(then, home=home)
    if dice.chance(0.15) and "-" not in then.mobile:
        given_up.append(then.mobile)
        changed = replace(changed, mobile=_mobile(dice))
    return changed


def _mobile(dice: Dice) -> str:
    return dice.pick(words("chinese_mobile_starts")) + dice.digits(8)


def _mailbox(dice: Dice, person: ChinesePerson, number: str) -> str:
    kind = dice.below(10)
    if kind < 5:
        return f"{dice.between(10**7, 2 * 10**9)}@qq.com"
    family_name, given = (
        plain(person.surname[1]).lower(),
        plain("".join(reading for _, reading in person.given)),
    )
    if kind < 7 and "-" not in number:
        return f"{number}@{dice.pick(('163.com', '139.com', '126.com'))}"
    name = dice.pick(
        (
            f"{family_name}{given}",
            f"{given}.{family_name}",
            f"{family_name}_{given}",
            f"{given}{family_name[0]}",
        )
    )
    return f"{name}{dice.pick((str(person.birth.year), f'{person.birth:%m%d}', dice.digits(3)))}@{dice.common(_PROVIDERS)}"


def _row(dice: Dice, customer: Customer) -> Row:
    person, home = customer.person, customer.home
    has_home, has_parts = dice.chance(0.66), dice.chance(0.5)
    city = home.city if dice.chance(0.8) else home.city.removesuffix("市")
    row = {
        "姓名": name_written(dice, person),
        "性别": dice.pick({"M": ("男", "男", "M", "先生"), "F": ("女", "女", "F", "女士")}[person.sex])
        if dice.chance(0.5)
        else "",
        "出生日期": _born(dice, person.birth) if dice.chance(0.35) else "",
        "身份证号": id_written(dice, person.resident_id, person.birth.year) if dice.chance(0.24) else "",
        "手机": phone_written(dice, customer.mobile) if dice.chance(0.84) else "",
        "邮箱": (typo(dice, customer.mailbox) if dice.chance(0.012) else customer.mailbox)
        if dice.chance(0.28)
        else "",
        "省份": home.province if has_parts and dice.chance(0.7) else "",
        "城市": city if has_parts else "",
        "区县": home.district if has_parts and dice.chance(0.6) else "",
        "详细地址": address_written(dice, home) if has_home else "",
        "邮编": home.zip if has_home and dice.chance(0.25) else "",
    }
    if not any(row[name] for name in ("手机", "身份证号", "邮箱", "详细地址")):
        row["手机"] = phone_written(dice, customer.mobile)
    return row


def _born(dice: Dice, born: date) -> str:
    chinese_form = f"{born.year}年{born.month}月{born.day}日"
    short = f"{born.year}/{born.month}/{born.day}"
    forms = (born.isoformat(), born.isoformat(), f"{born:%Y%m%d}", chinese_form, short, f"{born:%Y.%m.%d}")
    if dice.chance(0.02):
        return f"{born:%Y-%m}"
    return digit_slip(dice, born.isoformat()) if dice.chance(0.012) else dice.pick(forms)
