"""Personal names to comparable parts: hanzi, hangul, romanised Chinese in either order, western names with all around them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.name_arabic import arabic_reading, has_arabic
from pipelines.functions.name_generation import take_mark
from pipelines.functions.name_hanzi import latin_of, read_hanzi, script_of_name
from pipelines.functions.name_japanese import is_kana, read_kana
from pipelines.functions.name_latin import read_hangul, read_latin
from pipelines.functions.name_none import is_junk_name
from pipelines.functions.name_organisation import is_organisation
from pipelines.functions.shown import shown_name
from pipelines.functions.text import LONGEST, has_han, tidy, to_simplified

NAME_FIELDS = {
    "family": "VARCHAR",
    "given": "VARCHAR",
    "middle": "VARCHAR",
    "native": "VARCHAR",
    "family_latin": "VARCHAR",
    "given_latin": "VARCHAR",
    "full_key": "VARCHAR",
    "tokens": "VARCHAR[]",
    "script": "VARCHAR",
    "honorific": "VARCHAR",
    "suffix": "VARCHAR",
    "generation": "VARCHAR",
    "shown": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "organisation": "VARCHAR",
}

_HANGUL = re.compile("[가-힣]{2,5}")


def standardise_name(
    full_name: str | None, family: str | None, given: str | None, middle: str | None, native: str | None
) -> dict[str, Any] | None:
    """A name from its parts as delivered; None when there is none.

    `family` and `given` are simplified hanzi or lower-case latin words, `*_latin` pinyin or joined ASCII letters (ü is v),
    `full_key` the tokens in order of the alphabet. status: valid, repaired (stray digits), suspicious (several people,
    samples), partial (an honorific, a mask or one part only), junk (placeholder, too long). Of an organisation in a person's place
    there is nothing but its name as written, `organisation`. `generation` is what Jr, III or 张三（大）
    says, 1 the eldest. `shown` keeps accents and traditional
    characters for people to read.
    """
    found = _standardise(full_name, family, given, middle, native)
    return {**found, "tokens": list(found["tokens"]) if found["tokens"] else None} if found else None


@lru_cache(maxsize=1_000)  # models call it once for each distinct name
def _standardise(
    full_name: str | None, family: str | None, given: str | None, middle: str | None, native: str | None
) -> dict[str, Any] | None:
    marked = [take_mark(tidy(part)) for part in (full_name, family, given, middle, native)]
    full, family, given, middle, native = (part for part, _ in marked)
    shown = native if has_han(native) else full or f"{family}{given}" if has_han(family + given) else full
    whole = shown if has_han(shown) else full or " ".join(part for part in (given, middle, family) if part)
    if not whole:
        return None
    found: dict[str, Any] = dict.fromkeys(NAME_FIELDS)
    if len(whole) > LONGEST or is_junk_name(whole):
        script = "han" if has_han(whole) else "other"
        reason = "too_long" if len(whole) > LONGEST else "placeholder"
        return {**found, "script": script, "status": "junk", "reason": reason}
    is_own_script = False
    alone = native or full or (family if not given else "") or (given if not family else "")
    if alone and is_organisation(alone):
        return {**found, "status": "valid", "reason": "organisation", "organisation": alone}
    if has_han(shown):
        _hanzi(found, to_simplified(shown), family if has_han(family) else "", given)
    elif _HANGUL.fullmatch(whole.replace(" ", "")):
        found.update(read_hangul(whole.replace(" ", "")))
    elif is_own_script := is_kana(whole):
        found.update(read_kana(whole, family, given))
    else:
        is_free = bool(full) and not (family or given)
        is_own_script = has_arabic(whole)
        spoken = arabic_reading if is_own_script else str
        found.update(read_latin(spoken(whole), spoken(family), spoken(given), spoken(middle), is_free))
    found["generation"] = next(filter(None, (mark for _, mark in marked)), found["generation"])
    if found["tokens"] is None:
        found["tokens"] = (
            sorted({part for part in (found["family_latin"], found["given_latin"]) if part}) or None
        )
    found["shown"] = whole if is_own_script else shown_name(found, (native, full, family, given, middle))
    found["full_key"] = " ".join(found["tokens"]) if found["tokens"] else None
    return found


def _hanzi(found: dict[str, Any], shown: str, family: str, given: str) -> None:
    if family and given:
        surname, rest = to_simplified(family), to_simplified(given)
        found.update(family=surname, given=rest, status="valid", native=surname + rest)
    else:
        read = read_hanzi(shown)
        bare = read.pop("bare", None)
        found.update(read, native=bare if read["given"] and read["honorific"] != "阿" else None)
    found["script"] = script_of_name(shown)
    latin_of(found)
