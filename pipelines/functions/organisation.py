"""Names of organisations: the legal form apart from the words that tell one firm from another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.text import has_han, tidy, to_ascii, to_simplified

ORGANISATION_FIELDS = {
    "name": "VARCHAR",
    "core_key": "VARCHAR",
    "legal_form": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_CHINESE_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|集团|公司|合作社|事务所|工厂)$"
)
_WESTERN_FORMS = re.compile(
    r"\b(co ?ltd|company limited|company|limited|ltd|inc|incorporated|corp|corporation|llc|llp|plc|gmbh|ag|kg|ug|sarl|sas|sa|"
    r"srl|spa|bv|nv|oy|ab|as|pty|pte|kk|co)\b"
)
_JUNK = frozenset(["无", "个人", "测试", "none", "na", "n/a", "test", "self", "individual", "null", "-"])


@lru_cache(maxsize=100_000)
def standardise_organisation(raw: str | None) -> dict[str, Any] | None:
    """One organisation name; None for blank. `core_key` is lower case without blanks, marks and legal form."""
    text = to_simplified(tidy(raw))
    if not text:
        return None
    if text.lower() in _JUNK:
        return _result(text, None, None, "junk", "placeholder")
    if has_han(text):
        bare = re.sub(r"[\s()\[\]（）·,，.。]", "", text)
        form = _CHINESE_FORMS.search(bare)
        core = bare[: form.start()] if form else bare
        return _result(text, core.lower() or bare.lower(), form[1] if form else None, "valid", None)
    words = re.sub(r"[^a-z0-9 ]", " ", to_ascii(text).replace(".", "").replace("&", " and "))
    forms = _WESTERN_FORMS.findall(words)
    core = re.sub(r"\s+", "", _WESTERN_FORMS.sub(" ", words)) or words.replace(" ", "")
    return _result(text, core or None, forms[-1] if forms else None, "valid", None)


def _result(name: str, key: str | None, form: str | None, status: str, reason: str | None) -> dict[str, Any]:
    return {"name": name, "core_key": key, "legal_form": form, "status": status, "reason": reason}
