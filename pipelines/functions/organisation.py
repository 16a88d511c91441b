"""Names of organisations: legal form and branch apart from the words that tell one firm from another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.lists import words
from pipelines.functions.organisation_chinese import read_chinese_organisation
from pipelines.functions.organisation_words import organisation_sounds, organisation_words, place_sounds
from pipelines.functions.text import LONGEST, has_han, is_placeholder, tidy, to_ascii, to_simplified

ORGANISATION_FIELDS = {
    "name": "VARCHAR",
    "core_key": "VARCHAR",
    "words": "VARCHAR[]",
    "sounds": "VARCHAR[]",
    "legal_form": "VARCHAR",
    "branch": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_WESTERN_FORMS = re.compile(
    r"(?:\b(aktiengesellschaft|gesellschaft mit beschrankter haftung|kommanditgesellschaft|societe anonyme|"
    r"sociedad anonima|societa per azioni|limited liability company|public limited company|"
    r"co|company|limited|ltd|inc|incorporated|corp|corporation|llc|llp|lp|plc|gmbh|ag|kg|kgaa|ug|ohg|ev|sarl|sas|sasu|sa|"
    r"eurl|srl|spa|bv|nv|oy|oyj|ab|as|asa|aps|pty|pte|kk|sdn|bhd|ooo|oao|pao|jsc|sl|lda|ltda|doo|zrt|kft|sro|se))$"
)
# A branch stands behind a comma or dash, or says so with its last word.
_WESTERN_BRANCH = re.compile(
    r"^(?P<firm>.{2,}?)\s*(?:[,;(]|\s-|\s–|\s(?=niederlassung|zweigniederlassung|filiale))\s*(?P<branch>(?:branch|filiale|niederlassung|zweigniederlassung|succursale|sucursal|agence)\b[^,]*"
    r"|[^,]+ (?:branch|filiale|office))\)?$",
    re.I,
)
_FORMER = re.compile(r"[(（](?:原名?|曾用名|formerly|f/k/a|fka)[\s:：]*[^()（）]+[)）]", re.I)
# Forms that stand in front in French, Russian and Indonesian; shorter ones are names as often.
_WESTERN_LEADING = re.compile(r"^(sarl|sasu|eurl|ooo|oao|zao|pao|pt)\s+(?=\S{2})")
_JUNK = words("organisation_placeholders")


@lru_cache(maxsize=100_000)
def _standardise(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        return _result(text, None, None, None, "junk", "too_long")
    if is_placeholder(text) or re.sub(r"[\s\-]", "", text.lower()) in _JUNK:
        return _result(text, None, None, None, "junk", "placeholder")
    return _chinese(text) if has_han(text) else _western(text)


def standardise_organisation(raw: str | None) -> dict[str, Any] | None:
    """One organisation name; None for blank. `name` is as written; `core_key` is lower case without blanks, marks, legal form and branch.

    `words`: those that tell it from others, branch included. `sounds`: its pinyin, to meet a name in the other script.
    """
    written = tidy(raw)
    text = to_simplified(written)
    text = _FORMER.sub("", text).strip() or text
    return {**_standardise(text), "name": written} if text else None


def _chinese(text: str) -> dict[str, Any]:
    core, form, branch = read_chinese_organisation(text)
    return _result(text, core, form, branch, "valid", None)


def _western(text: str) -> dict[str, Any]:
    with_branch = _WESTERN_BRANCH.match(text)
    firm, branch = (
        (with_branch["firm"], _plain_branch(with_branch["branch"])) if with_branch else (text, None)
    )
    plain = (
        to_ascii(firm.replace("'", "").replace("’", ""))
        .replace(".", "")
        .replace("a/s", "as")
        .replace("&", " and ")
    )
    plain = re.sub(r"[^a-z0-9 ]", " ", plain.replace("-", ""))
    left = re.sub(r"\s+", " ", plain).strip()
    forms: list[str] = []
    # Forms stand at the end, several in a row (GmbH & Co. KG); in front the same letters are a name (AG Insurance).
    while (form := _WESTERN_FORMS.search(left)) and form.start() > 0:
        forms.insert(0, form[1])
        left = left[: form.start()].strip()
        left = left.removesuffix(" and") if forms[0] in ("co", "company") else left
    leading = _WESTERN_LEADING.match(left) if not forms else None
    if leading:
        forms, left = [leading[1]], left[leading.end() :]
    left = _place_first(left.removeprefix("the ")) if forms else left.removeprefix("the ")
    core = left.replace(" ", "") or plain.replace(" ", "")
    spaced = left or re.sub(r"\s+", " ", plain).strip()
    if not forms and _WESTERN_FORMS.fullmatch(left):
        return _result(text, None, left, branch, "junk", "legal_form_only")
    return _result(text, core or None, " ".join(forms) or None, branch, "valid", None, spaced)


def _place_first(left: str) -> str:
    """Acme (Shanghai) Co., Ltd. as Shanghai Acme: a place of China stands on either side."""
    head, _, last = left.rpartition(" ")
    return (
        f"{last} {head}"
        if head and last in place_sounds() and head.split(" ")[0] not in place_sounds()
        else left
    )


def _plain_branch(text: str) -> str:
    """Lower-case words of a branch, blanks single."""
    return re.sub(r"[^a-z0-9]+", " ", to_ascii(text)).strip()


def _result(  # noqa: PLR0913, PLR0917 - the fields of the struct
    name: str,
    key: str | None,
    form: str | None,
    branch: str | None,
    status: str,
    reason: str | None,
    spaced: str | None = None,
) -> dict[str, Any]:
    told = f"{spaced or key or ''} {branch or ''}" if spaced else key or ""
    return {
        "name": name,
        "core_key": key,
        "words": organisation_words(told) if key else [],
        "sounds": organisation_sounds(told) if key else [],
        "legal_form": form,
        "branch": branch,
        "status": status,
        "reason": reason,
    }
