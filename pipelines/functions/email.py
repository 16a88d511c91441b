"""E-mail addresses: the normal form people write to, kept apart from the key that equal mailboxes share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.functions.email_domains import (
    DISPOSABLE,
    JUNK_DOMAINS,
    ascii_domain,
    mailbox_domain,
    suggest_domain,
    unicode_domain,
)
from pipelines.functions.email_text import AT
from pipelines.functions.lists import words
from pipelines.functions.text import is_placeholder, tidy

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

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_LABEL = r"[a-z0-9\u0080-\U0010ffff](?:[a-z0-9\-\u0080-\U0010ffff]{0,61}[a-z0-9\u0080-\U0010ffff])?"
_SHAPE = re.compile(
    rf"{_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+(?:xn--[a-z0-9\-]+|[a-z\u0080-\U0010ffff]{{2,}})"
)
_BRACKETED = re.compile(r"^[^<>]*<([^<>]+)>$")
_BETWEEN = re.compile(r"[;；,，、/|\s]|或")
_ROLES = words("email_roles")
_DOTLESS = frozenset({"gmail.com"})
_DASHES_FOR_DOTS = frozenset({"yandex.ru"})
_NO_TAGS = frozenset({"qq.com", "163.com", "126.com", "yeah.net", "sina.com", "sohu.com"})
_JUNK_ANYWHERE = words("email_placeholder_mailboxes")
_SAMPLES = re.compile(r"(?:(\d)\1*|1?23(?:4(?:5(?:6(?:7(?:89?)?)?)?)?)?|test|abc|asdf|aaa|xxx)")
_SAMPLE_HOSTS = words("email_mass_hosts")


def standardise_email(raw: str | None) -> dict[str, Any] | None:
    """One address; None for blank. `match_key` folds what the provider ignores (dots at Gmail, tags after +).

    An invalid address that looks like one keeps its text as match key.

    status: valid, repaired (brackets, blanks, trailing marks, the first of several), suspicious (disposable, likely typo), junk or invalid.
    """
    text = tidy(raw).lower()
    if not text:
        return None
    if is_placeholder(text):
        return _result(None, None, "junk", "placeholder")
    address, is_mended = _mended(text)
    if not _SHAPE.fullmatch(address):
        several = [mended for part in _BETWEEN.split(text) if _SHAPE.fullmatch(mended := _mended(part)[0])]
        address = several[0] if several else address
        is_mended = True
    if not _SHAPE.fullmatch(address) or len(address) > 254 or len(address.rpartition("@")[0]) > 64:
        return _result(None, _broken_key(address), "invalid", "not_an_address")
    local, _, domain = address.rpartition("@")
    domain = unicode_domain(domain)
    return _judged(local, domain, is_mended)


def _mended(text: str) -> tuple[str, bool]:
    text = text.removeprefix("mailto:").strip()
    bracketed = _BRACKETED.match(text)
    bare = bracketed[1] if bracketed else text
    bare = AT.sub("@", bare).replace("。", ".").replace("．", ".")
    bare = re.sub(r"^(?:e-?mail|邮箱|电子邮件)\s*[:：]\s*", "", bare)
    bare = bare.replace(" ", "").strip("\"';,，；<>()")
    bare = bare.removesuffix(".") if "@" in bare else bare
    return bare, bare != text


def _judged(local: str, domain: str, is_mended: bool) -> dict[str, Any]:
    normal, key = f"{local}@{domain}", _match_key(local, domain)
    suggested = suggest_domain(domain)
    reason: str | None
    if _is_sample(local, domain):
        status, reason = "junk", "sample_address"
    elif domain in DISPOSABLE:
        status, reason = "suspicious", "disposable"
    elif suggested:
        status, reason = "suspicious", "likely_typo"
    else:
        status, reason = ("repaired", "stray_characters") if is_mended else ("valid", None)
    return _result(normal, key, status, reason, suggested)


def _is_sample(local: str, domain: str) -> bool:
    if local in _JUNK_ANYWHERE or domain in JUNK_DOMAINS or local + ".com" == domain:
        return True
    return domain in _SAMPLE_HOSTS and len(local) < 10 and _SAMPLES.fullmatch(local) is not None


@lru_cache(maxsize=4096)
def _key_domain(domain: str) -> str:
    return ascii_domain(mailbox_domain(domain))


def _match_key(local: str, domain: str) -> str:
    mailbox = _key_domain(domain)
    if mailbox not in _NO_TAGS:
        local = local.partition("+")[0] or local
    if mailbox in _DOTLESS:
        local = local.replace(".", "")
    elif mailbox in _DASHES_FOR_DOTS:
        local = local.replace(".", "-")
    return f"{local}@{mailbox}"


def _broken_key(text: str) -> str | None:
    """Text that no mailbox has still tells the same slip or a near one from another's address."""
    return (
        text
        if 6 <= len(text) <= 254 and re.search(r"[^@]{2}@+[^@]{2}", text) and re.search("[a-z]", text)
        else None
    )


def _result(
    normal: str | None, key: str | None, status: str, reason: str | None, suggested: str | None = None
) -> dict[str, Any]:
    local, _, domain = (normal or "").rpartition("@")
    return {
        "normal": normal,
        "match_key": key,
        "local_part": local or None,
        "domain": domain or None,
        "is_role": local in _ROLES,
        "is_disposable": domain in DISPOSABLE,
        "suggestion": f"{local}@{suggested}" if suggested else None,
        "status": status,
        "reason": reason,
    }
