"""Names in hanzi: surname and given name, honorifics and pet forms, names of minorities, notes and slips around them."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.chinese_names import COMMON, COMPOUND, DOUBLE, JAPANESE, given_pinyin, surname_pinyin
from pipelines.functions.lists import words
from pipelines.functions.name_generation import take_prefix
from pipelines.functions.name_japanese import kanji_reading
from pipelines.functions.text import has_han, script_of, to_ascii

HONORIFICS = sorted(words("chinese_honorifics"), key=len, reverse=True)
_TITLES = tuple(HONORIFICS)
_SAMPLES = frozenset({"张三", "李四", "王五", "赵六", "某某某", "王二小", "张三丰"})
_DOTS = re.compile(r"(?<=[㐀-鿿])\s*[·•・‧∙●.．。‐]\s*(?=[㐀-鿿])")
_NOTE = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
_SEVERAL = re.compile(r"[/、,，;；&＆+]|和(?=[㐀-鿿]{2})|与(?=[㐀-鿿]{2})")
_COUPLE = re.compile(
    r"(?<=[㐀-鿿]{2})(?:夫妇|夫妻|伉俪|一家|全家|一家人|家庭|母子|父子|母女|父女|兄弟|姐妹)$"
)
_GREETING = re.compile(r"^(?:尊敬的|亲爱的|致)")
_MASK = re.compile(r"(?:[*＊×某○〇□]|(?<=[㐀-鿿])[xX](?=[xX㐀-鿿]|$)|(?<=[xX])[xX])+")
_MOST_FREQUENT, _FREQUENT, _USUAL = COMMON[:40], COMMON[:100], COMMON[:300]
# Frequent surnames that given names end with as often.
_GIVEN_ENDINGS = frozenset(
    "江龙文华安平石雷金成林高阳方康武贤义明军海山田云星伟杰宁林叶雪梅秋夏春白黄红马良元"
)
# What given names begin with, and surnames hardly ever.
_GIVEN_STARTS = frozenset(
    "国建志晓美丽秀婷娟艳淑俊佳嘉子家伟永玉春桂雅雨欣思梦诗浩宇泽梓俊振庆宝福德世少小大天亚若静慧丹倩琳琪悦瑞"
)
_LONGEST = 4  # characters of a Han Chinese name; a compound surname with two more


def split_hanzi(name: str, is_surname_only: bool) -> tuple[str, str, str]:
    """Surname, given and middle name. Names with · put the family last, but for Manchu clans (爱新觉罗·溥仪).

    A name without a surname (扎西次仁) is all given name.
    """
    if "·" in name:
        parts = [part for part in name.split("·") if part]
        if len(parts) < 2:
            return "", "".join(parts), ""
        if parts[0] in COMPOUND:
            return parts[0], "".join(parts[1:]), ""
        return parts[-1], parts[0], "".join(parts[1:-1])
    for size in (4, 3, 2):
        if name[:size] in COMPOUND and len(name) > size - is_surname_only:
            return name[:size], name[size:], ""
    return (name, "", "") if len(name) == 1 else (*_surname_and_given(name), "")


def _surname_and_given(name: str) -> tuple[str, str]:
    """Parts of a name of two or more characters that no compound surname begins."""
    if len(name) == 2 and name[0] == name[1] and name[0] not in COMMON:
        return "", name  # 静静
    if len(name) > _LONGEST or (len(name) == _LONGEST and name[0] not in _USUAL):
        family = next((name[:size] for size in (3, 2) if name[:size] in JAPANESE), "")
        return (family, name[len(family) :]) if not _is_turned(name) else (name[-2:], name[:-2])
    if len(name) == _LONGEST and (name[:2] in DOUBLE or name[:2] in JAPANESE):
        return name[:2], name[2:]
    if _is_turned(name):
        return name[-1], name[:-1]
    size = 2 if name[:2] in JAPANESE and len(name) == 3 and name[0] not in COMMON else 1
    return name[:size], name[size:]


def _is_turned(name: str) -> bool:
    """Given name first, as forms of western make give it (婷婷蔡, 娜娜欧阳): only the end can be a surname."""
    if len(name) == _LONGEST:
        return name[-2:] in COMPOUND and name[0] not in COMMON
    if len(name) != 3 or name[0] in _FREQUENT:
        return False
    if name[0] in _GIVEN_STARTS and name[2] in _MOST_FREQUENT:
        return name[0] not in COMMON or name[2] not in _GIVEN_ENDINGS
    if name[0] == name[1]:
        return name[2] in _USUAL and name[0] not in _USUAL
    is_surname = name[0] in COMMON or surname_pinyin(name[0]) != given_pinyin(name[0])
    return not is_surname and name[2] in _FREQUENT and name[2] not in _GIVEN_ENDINGS


def strip_honorific(name: str) -> tuple[str, str | None]:
    """The name without a title behind it, and the title; a title of one character only after a known surname."""
    if not name.endswith(_TITLES):
        return name, None
    for title in HONORIFICS:
        bare = name.removesuffix(title)
        if bare != name and bare and (bare in COMPOUND or bare in COMMON or len(title) > 1):
            return bare, title
    return name, None


def read_hanzi(shown: str) -> dict[str, Any]:
    """Fields of a name that holds hanzi (simplified already): family, given, middle, honorific, status, reason."""
    status, reason = "valid", None
    text = _DOTS.sub("·", _GREETING.sub("", shown))
    several = [part for part in _SEVERAL.split(text) if has_han(part)]
    couple = _COUPLE.search(text) if len(text) > 3 else None
    if len(several) > 1 or couple or (" " in text and _are_two(text.split())):
        text = text[: couple.start()] if couple else several[0] if len(several) > 1 else text.split()[0]
        status, reason = "suspicious", "several_people"
    text = _NOTE.sub(" ", text) if has_han(_NOTE.sub("", text)) else text
    without_digits = re.sub(r"\d+", "", text).strip()
    if without_digits != text.strip() and has_han(without_digits):
        text, status, reason = without_digits, "repaired", "stray_characters"
    masked = _MASK.search(text)
    if masked and has_han(text[: masked.start()]):
        family = split_hanzi(text[: masked.start()].strip(), True)[0]
        return {
            "family": family,
            "given": None,
            "middle": None,
            "honorific": None,
            "status": "partial",
            "reason": "masked",
        }
    return _unmasked(text.strip(), status, reason)


def _unmasked(text: str, status: str, reason: str | None) -> dict[str, Any]:
    latin = " ".join(re.findall(r"[A-Za-z\u00c0-\u024f']{2,}", text))
    han = "".join(re.findall(r"[^A-Za-z\u00c0-\u024f']+", text)).strip() if latin else text
    spaced = _by_space(han.split())
    bare, honorific = strip_honorific(re.sub(r"[\s,，\-_'\"“”]", "", han))
    prefix, generation = bare[:1], None
    if not spaced and not _is_turned(bare):
        bare, generation = take_prefix(bare)
    pet = re.fullmatch(r"([小老阿])(.)", bare)
    if spaced and not honorific:
        family, given, middle = *spaced, ""
    elif generation and (len(bare) == 1 or bare in COMPOUND):
        family, given, middle, honorific = bare, "", "", honorific or prefix
    elif pet and not honorific and pet[1] in "小老" and pet[2] in COMMON:
        family, given, middle, honorific = pet[2], "", "", pet[1]
    elif pet and not honorific and pet[1] == "阿":
        family, given, middle, honorific = "", pet[2], "", "阿"
    else:
        family, given, middle = split_hanzi(bare, bool(honorific))
    if latin and family and not given and not honorific:
        given = to_ascii(latin.split()[0])
    if bare in _SAMPLES and not reason:
        status, reason = "suspicious", "sample_name"
    is_whole = bool(given) and (bool(family) or len(set(given)) > 1) and honorific != "阿"
    if not is_whole and reason != "several_people":
        status, reason = "partial", "honorific" if honorific else "one_part"
    return {
        "family": family or None, "given": given or None, "middle": middle or None, "honorific": honorific,
        "generation": generation, "status": status, "reason": reason, "bare": bare,
    }  # fmt: skip


def _by_space(parts: list[str]) -> tuple[str, str] | None:
    """Surname and given name that a blank keeps apart, in either order; a first part of two also in Japanese (田中 太郎)."""
    if len(parts) != 2 or not all(has_han(part) and "·" not in part for part in parts):
        return None
    first, last = parts
    if last in HONORIFICS or (len(first) == 1 and len(last) == 1 and first not in COMMON):
        return None
    if last in COMMON and len(last) == 1 and len(first) == 2 and first not in COMPOUND:
        return last, first
    if len(first) == 2 and len(last) == 1 and first[0] in COMMON and first not in COMPOUND | JAPANESE:
        return None  # a stray blank: 李晶 晶
    return (first, last) if len(first) <= 2 or first in COMPOUND | JAPANESE else None


def _are_two(parts: list[str]) -> bool:
    """Whether a blank parts two whole names (王建国 李梅), each begun by a frequent surname."""
    if len(parts) != 2 or any(not 2 <= len(part) <= 3 or not has_han(part) for part in parts):
        return False
    first, last = parts
    return (
        first[0] in _FREQUENT
        and last[0] in _FREQUENT
        and first not in COMPOUND | JAPANESE
        and last not in HONORIFICS
    )


def latin_of(found: dict[str, Any]) -> None:
    """Fill family_latin and given_latin from hanzi."""
    family, given = found["family"], found["given"]
    spoken = kanji_reading("family", family) if family and len(family) > 1 else None
    if spoken:
        found["family_latin"] = spoken
        found["given_latin"] = (
            (kanji_reading("given", given) or given_pinyin(given) or None) if given else None
        )
        return
    found["family_latin"] = surname_pinyin(family) if family else None
    found["given_latin"] = (given_pinyin(given) or None) if given else None


def script_of_name(text: str) -> str:
    return "han" if script_of(text) == "han" else "mixed"
