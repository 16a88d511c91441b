"""E-mail addresses: the normal form people write to, kept apart from the key that equal mailboxes share."""

from __future__ import annotations

import re
from typing import Any

from pipelines.functions.text import tidy

EMAIL_FIELDS = {
    "normal": "VARCHAR",
    "match_key": "VARCHAR",
    "local_part": "VARCHAR",
    "domain": "VARCHAR",
    "is_role": "BOOLEAN",
    "is_disposable": "BOOLEAN",
    "suggestion": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
}

_SHAPE = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.\-\u0080-\U0010ffff]+@[a-z0-9\-.\u0080-\U0010ffff]+\.[a-z\u0080-\U0010ffff]{2,}"
)
_ROLES = frozenset(
    [
        "admin",
        "info",
        "sales",
        "service",
        "support",
        "contact",
        "office",
        "hr",
        "noreply",
        "no-reply",
        "postmaster",
        "webmaster",
        "kefu",
    ]
)
_DISPOSABLE = frozenset(
    [
        "mailinator.com",
        "guerrillamail.com",
        "10minutemail.com",
        "yopmail.com",
        "tempmail.com",
        "linshiyouxiang.net",
    ]
)
_TYPOS = {
    "gmial.com": "gmail.com", "gmai.com": "gmail.com", "gmail.co": "gmail.com", "gamil.com": "gmail.com",
    "hotmial.com": "hotmail.com", "yaho.com": "yahoo.com", "qq.con": "qq.com", "163.con": "163.com", "qq.cm": "qq.com",
    "163.co": "163.com", "outlok.com": "outlook.com",
}  # fmt: skip
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})
_JUNK_LOCAL = frozenset(
    ["test", "abc", "aaa", "noone", "nobody", "none", "null", "na", "asdf", "example", "user", "demo"]
)
_JUNK_DOMAIN = frozenset(["test.com", "example.com", "example.org", "none.com", "abc.com", "aaa.com"])


def standardise_email(raw: str | None) -> dict[str, Any] | None:
    """One address; None for blank. `match_key` folds what the provider ignores (dots at Gmail, tags after +)."""
    text = tidy(raw).replace(" ", "").lower().removeprefix("mailto:")
    if not text:
        return None
    if not _SHAPE.fullmatch(text) or ".." in text or len(text) > 254:
        return _result(None, None, "invalid", "not_an_address")
    local, _, domain = text.rpartition("@")
    key_local = local.split("+")[0] or local
    key_domain = domain
    if domain in _DOTLESS:
        key_local, key_domain = key_local.replace(".", ""), "gmail.com"
    is_junk = local in _JUNK_LOCAL and (
        domain in _JUNK_DOMAIN or local in ("noone", "nobody", "none", "null")
    )
    status, reason = ("junk", "sample_address") if is_junk or domain in _JUNK_DOMAIN else ("valid", None)
    return _result(text, f"{key_local}@{key_domain}", status, reason)


def _result(normal: str | None, key: str | None, status: str, reason: str | None) -> dict[str, Any]:
    local, _, domain = (normal or "").rpartition("@")
    typo = _TYPOS.get(domain)
    return {
        "normal": normal,
        "match_key": key,
        "local_part": local or None,
        "domain": domain or None,
        "is_role": local in _ROLES,
        "is_disposable": domain in _DISPOSABLE,
        "suggestion": f"{local}@{typo}" if typo else None,
        "status": status,
        "reason": reason,
    }
