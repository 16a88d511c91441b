"""Chinese firms: names of place, brand, trade and legal form, their branches, addresses and lines, and a latin form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.identity.generated.delivered import Row
from benchmarks.identity.generated.dice import Dice, lines

_PUBLIC = (
    "第一人民医院=First_People's_Hospital",
    "第二人民医院=Second_People's_Hospital",
    "中医院=Hospital_of_Chinese_Medicine",
    "实验小学=Experimental_Primary_School",
    "第一中学=No._1_Middle_School",
    "第三中学=No._3_Middle_School",
    "大学=University",
)
_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")


@dataclass(frozen=True)
class ChineseFirm:
    key: str
    province: str
    city: str
    latin_city: str
    district: str
    brand: str
    latin_brand: str
    trade: str
    latin_trade: str
    form: str
    road: str
    number: int
    room: int
    line: str
    zip: str


def chinese_firms(dice: Dice, keys: list[str]) -> list[ChineseFirm]:
    """Firms, hospitals and schools, no two of one name in one town, and branches of some of the firms."""
    found: dict[tuple[str, str, str], ChineseFirm] = {}
    while len(found) < len(keys):
        firm = _firm(dice, keys[len(found)])
        parents = [known for known in found.values() if known.city == firm.city and _can_branch(known)]
        if parents and dice.chance(0.3):
            firm = _branch(firm, dice.pick(parents))
        found.setdefault((firm.city, firm.brand + firm.trade, firm.form[firm.form.find("司") + 1 :]), firm)
    return list(found.values())


def _can_branch(firm: ChineseFirm) -> bool:
    return bool(firm.brand) and "分公司" not in firm.form


def _branch(firm: ChineseFirm, parent: ChineseFirm) -> ChineseFirm:
    """`firm` as a branch of `parent` in the same town: the parent's name with the district behind it."""
    form = f"{parent.form}{firm.district[:2]}分公司"
    same = {name: getattr(parent, name) for name in ("brand", "latin_brand", "trade", "latin_trade")}
    return replace(firm, form=form, **same)


def _firm(dice: Dice, key: str) -> ChineseFirm:
    province, city, latin, zip_start, area, _, districts = dice.common(lines("cities_cn")).split("|")
    brand, latin_brand = _split(dice.common(lines("chinese_firm_brands")))
    form = dice.common(_FORMS)
    trade = dice.pick(lines("chinese_firm_trades"))
    if dice.chance(0.2):
        brand, latin_brand, form, trade = "", "", "", dice.pick(_PUBLIC)
    name, latin_trade = trade.split("=")
    line = f"{area}-{dice.between(2, 8)}{dice.digits(7)}"
    room = dice.between(1, 30) * 100 + dice.between(1, 20)
    return ChineseFirm(
        key, province, city, latin, dice.pick(districts.split()), brand, latin_brand, name, latin_trade.replace("_", " "),
        form, dice.pick(lines("chinese_firm_roads")), dice.between(1, 900), room, line, zip_start + dice.digits(2),
    )  # fmt: skip


def _split(pair: str) -> tuple[str, str]:
    hanzi = "".join(sign for sign in pair if sign > "\u2e7f")
    return hanzi, pair[len(hanzi) :]


def chinese_row(dice: Dice, firm: ChineseFirm) -> Row:
    """One list's row of the firm: its name in hanzi or latin, its address in part or whole."""
    is_latin = dice.chance(0.15)
    address = f"{firm.road.split('=')[0]}{firm.number}号" + (f"{firm.room}室" if dice.chance(0.6) else "")
    head = dice.weighed({firm.district: 3, "": 3, firm.city + firm.district: 2})
    latin_road = f"No. {firm.number}, {firm.road.split('=')[1].replace('_', ' ')}"
    line = firm.line.replace("-", dice.pick(("-", "", " ")))
    return {
        "name": _latin(dice, firm) if is_latin else _hanzi(dice, firm),
        "address": ""
        if is_latin and dice.chance(0.5)
        else latin_road
        if is_latin and dice.chance(0.7)
        else head + address,
        "city": ""
        if dice.chance(0.15)
        else firm.latin_city
        if is_latin
        else firm.city.removesuffix("市" if dice.chance(0.5) else "~"),
        "region": firm.province if dice.chance(0.5) and not is_latin else "",
        "postcode": firm.zip if dice.chance(0.4) else "",
        "country": dice.pick(("CN", "China", "中国")),
        "phone": ""
        if dice.chance(0.3)
        else dice.pick((line, line, f"+86 {firm.line[1:].replace('-', ' ')}", f"0086-{firm.line[1:]}")),
    }


def _hanzi(dice: Dice, firm: ChineseFirm) -> str:
    town = firm.city if dice.chance(0.4) or not firm.brand else firm.city.removesuffix("市")
    form = firm.form
    if "分公司" not in form and dice.chance(0.3):
        form = dice.pick(("", "公司", "有限公司" if form else ""))
    name = f"{firm.brand}{firm.trade}{form}" if firm.brand else firm.trade
    if firm.brand and dice.chance(0.15):
        return f"{firm.brand}（{town.removesuffix('市')}）{firm.trade}{form}"
    return name if firm.brand and dice.chance(0.2) else town + name


def _latin(dice: Dice, firm: ChineseFirm) -> str:
    if not firm.brand:
        return f"{firm.latin_city} {firm.latin_trade}"
    end = dice.pick((" Co., Ltd.", " Co Ltd", " Company Limited", ""))
    return f"{firm.latin_city + ' ' if dice.chance(0.7) else ''}{firm.latin_brand} {firm.latin_trade}{end}"
