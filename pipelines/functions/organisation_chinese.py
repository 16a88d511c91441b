"""Parts of a Chinese organisation's name: the firm with its place in front, however it was placed, legal form and branch."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from pipelines.functions.organisation_words import place_names

_FORMS = re.compile(
    r"(集团股份有限公司|集团有限责任公司|集团有限公司|股份有限公司|有限责任公司|有限公司|集团公司|集团|公司"
    r"|农民专业合作社|专业合作社|合作社|律师事务所|会计师事务所|税务师事务所|事务所|合伙企业|个体工商户|个人独资企业|株式会社|工厂)$"
)
_LEADING_FORM = re.compile(r"^(株式会社|有限会社)(?=.{2})")
_PARTNERSHIP = re.compile(r"[(（](?:特殊)?(?:普通|有限)合伙[)）]$")
_MARKS = re.compile(r"[\s()\[\]（）【】·,，.。、\-]")
_BRANCH_WORD = r"(?:分公司|子公司|支公司|分行|支行|分理处|储蓄所|分店|办事处|营业部|分所|代表处|门店|分部|分院|院区|校区|分校|分厂)"
# A branch names its place behind the firm; a firm's own name has at least two characters before it.
_AFTER_FORM = re.compile(
    rf"^(.{{2,}}?(?:公司|银行|集团|事务所|大学|学院|医院|中学|小学|学校|幼儿园))((?:驻)?[^公司]{{0,12}}?{_BRANCH_WORD}(?:营业部|营业厅)?)$"
)
_OWN_BRANCH = re.compile(rf"{_BRANCH_WORD}$")
_SHOP = re.compile(r"[(（\[【]([^()（）\[\]【】]{1,14}店)[)）\]】]$|[-—–·]\s*([^\s\-—–·]{1,14}店)$")
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
_OFFICE = re.compile(r"(?:支行|分行|营业部|分理处|储蓄所|营业厅)$")
_PART = re.compile(r"^(附中|附小|附属|第.附属|医学院|商学院|法学院|研究生院)")
_ABBREVIATIONS = (
    (re.compile(r"(?<=.)附中$"), "附属中学"),
    (re.compile(r"(?<=.)附小$"), "附属小学"),
    (re.compile(r"(?<=.{2})第?([一二三四五六七八九十\d]{1,3})中学?$"), r"第\1中学"),
    (re.compile(r"(?<=.{2})第?([一二三四五六七八九十\d]{1,3})小学?$"), r"第\1小学"),
    (re.compile(r"(?<=.{2})实小$"), "实验小学"),
    (re.compile(r"(?<=.{2})实中$"), "实验中学"),
    (re.compile(r"(?<=[^大])师大$"), "师范大学"),
    (re.compile(r"(?<=.{2})医大$"), "医科大学"),
    (re.compile(r"(?<=.{2})财大$"), "财经大学"),
    (re.compile(r"(?<=.{2})农大$"), "农业大学"),
    (re.compile(r"(?<=.{2})(?<!哈)工大$"), "工业大学"),
)
_LEAST = 2
"""Characters that a firm keeps when its place is taken out."""


def read_chinese_organisation(text: str) -> tuple[str, str | None, str | None]:
    """Name to compare (lower case, the short name of its place in front), legal form and branch of a simplified name."""
    shop = _SHOP.search(text)
    text, branch = (
        (text[: shop.start()], shop[1] or shop[2]) if shop and shop.start() >= _LEAST else (text, None)
    )
    text = _PARTNERSHIP.sub("", text)
    brackets = _BRACKETED.finditer(text) if "(" in text or "[" in text or "【" in text else ()
    place = next((found[1] for found in brackets if _short_place(found[1])), None)
    is_kept_behind = place is None or _place_in_front(text) is not None or text.find(place) == 1
    if not is_kept_behind:
        text = _BRACKETED.sub(lambda found: "" if found[1] == place else found[0], text)
    bare = _MARKS.sub("", text)
    if found := _AFTER_FORM.match(bare):
        bare, branch = found[1], found[2]
    elif branch is None:
        bare, branch = _without_own_branch(bare)
    if leading := _LEADING_FORM.match(bare):
        return bare[leading.end() :].lower(), leading[1], branch
    form = _FORMS.search(bare)
    core = (bare[: form.start()] if form else bare) or bare
    core = _written_out(_with_place(core, None if is_kept_behind else place, has_form=form is not None))
    return core.lower(), form[1] if form and form.start() else None, branch


def _with_place(core: str, place: str | None, *, has_form: bool) -> str:
    """The short name of the place in front of the rest; of a province and a city in front the city."""
    front = _place_in_front(core)
    if front and place is None:
        rest = core[len(front) :]
        city = _place_in_front(rest)
        if city and len(rest) - len(city) >= _LEAST and city != front:
            front, rest = city, rest[len(city) :]
        return _short_place(front) + rest if len(rest) >= _LEAST else core  # type: ignore[operator]
    if place:
        return (_short_place(place) or "") + core
    behind = (
        next((core[-size:] for size in (4, 3, 2) if _short_place(core[-size:])), None) if has_form else None
    )
    if behind and len(core) - len(behind) >= _LEAST:
        return (_short_place(behind) or "") + core[: -len(behind)]
    return core


def _place_in_front(text: str) -> str | None:
    return next((text[:size] for size in _sizes().get(text[:2], ()) if text[:size] in place_names()), None)


@cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """First two characters of a place -> how long places that begin so are, the longest first."""
    sizes: dict[str, set[int]] = {}
    for name in place_names():
        sizes.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(found, reverse=True)) for head, found in sizes.items()}


def _short_place(name: str) -> str | None:
    """深圳市 and 深圳 as 深圳; None for what is no province or prefecture."""
    if name not in place_names():
        return None
    short = re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$", "", name)
    return short if len(short) >= 2 else name


def _without_own_branch(bare: str) -> tuple[str, str | None]:
    """The branch of a firm that is named without its form: from the last place on, or the word alone (甲乙科技深圳分公司)."""
    if _OFFICE.search(bare) and (bank := next(filter(bare.startswith, _banks()), None)):
        return bank, bare[len(bank) :]
    word = _OWN_BRANCH.search(bare)
    if not word or word.start() < _LEAST:
        return bare, None
    starts = (
        start
        for start in range(_LEAST, word.start())
        if any(bare[start : start + size] in place_names() for size in (4, 3, 2))
    )
    start = next(starts, word.start())
    return bare[:start], bare[start:]


def _written_out(core: str) -> str:
    """Banks, universities and large firms by their whole name, schools with theirs."""
    names = _whole_names()
    if core in names:
        return names[core]
    head = next(
        (core[:size] for size in (4, 3, 2) if core[:size] in names and _PART.match(core[size:])), None
    )
    if head:
        core = names[head] + core[len(head) :]
    for short, whole in _ABBREVIATIONS if core[-1] in "中小大学" else ():
        if short.search(core):
            return short.sub(whole, core)
    return core


@cache
def _whole_names() -> dict[str, str]:
    path = files("pipelines.functions.lists").joinpath("organisation_short_names.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {short: row["name"] for row in rows for short in row["short"].split()}


@cache
def _banks() -> tuple[str, ...]:
    """Short names of banks that don't end in 银行, the longest first; others part from their branch by that word."""
    found = (
        short
        for short, name in _whole_names().items()
        if name.endswith("银行") and not short.endswith("银行")
    )
    return tuple(sorted(found, key=len, reverse=True))
