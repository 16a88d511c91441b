"""Domains of mailbox providers: aliases of one mailbox, disposable ones, samples, and slips of well-known names."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from pipelines.functions.lists import words

_ALIASES = {
    "googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com", "protonmail.com": "proton.me",
    "pm.me": "proton.me", "ya.ru": "yandex.ru", "yandex.com": "yandex.ru", "yandex.by": "yandex.ru",
    "yandex.kz": "yandex.ru", "foxmail.cn": "foxmail.com",
}  # fmt: skip
DISPOSABLE = words("email_disposable_domains")
JUNK_DOMAINS = words("email_sample_domains")
_WELL_KNOWN = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "qq.com", "163.com", "126.com", "foxmail.com",
    "sina.com", "sohu.com", "139.com", "189.cn", "aliyun.com", "yahoo.co.jp", "yahoo.co.uk", "hotmail.co.uk", "gmx.de",
    "web.de", "live.com", "msn.com", "yandex.ru", "mail.ru", "naver.com", "orange.fr", "libero.it", "comcast.net",
)  # fmt: skip
# Domains of their own that lie one slip from a well-known one.
_GENUINE = words("email_genuine_domains")
_SLIPPED_ENDINGS = (
    ".con",
    ".cmo",
    ".ocm",
    ".comm",
    ".vom",
    ".xom",
    ".cpm",
    ".coom",
    ".om",
    ".cm",
    ".co",
    ".cim",
    ".c0m",
)


def mailbox_domain(domain: str) -> str:
    """The domain under which a provider knows the mailbox (googlemail.com is gmail.com)."""
    return _ALIASES.get(domain, domain)


def ascii_domain(domain: str) -> str:
    """The domain as the network writes it (xn--…); as it is where that has no such form."""
    if domain.isascii():
        return domain
    import idna  # noqa: PLC0415 - only where a domain is not ASCII

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


@lru_cache(maxsize=4096)
def unicode_domain(domain: str) -> str:
    """The domain as people read it (bücher.de)."""
    if "xn--" not in domain:
        return domain
    import idna  # noqa: PLC0415

    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


@lru_cache(maxsize=50_000)
def suggest_domain(domain: str) -> str | None:
    """The well-known domain that this one is probably a slip of; None for a domain that stands for itself."""
    if domain in _WELL_KNOWN or domain in _GENUINE or domain in DISPOSABLE:
        return None
    for ending in _SLIPPED_ENDINGS:
        mended = domain.removesuffix(ending) + ".com"
        if domain.endswith(ending) and mended in _WELL_KNOWN:
            return mended
    # Short names have too many neighbours that are firms of their own.
    near = [
        known for known in _WELL_KNOWN if len(known) >= 9 and OSA.distance(domain, known, score_cutoff=1) == 1
    ]
    same_ending = [known for known in near if known.rpartition(".")[2] == domain.rpartition(".")[2]]
    return same_ending[0] if len(same_ending) == 1 else None
