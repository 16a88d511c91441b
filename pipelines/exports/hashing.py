"""Hashes as advertising platforms take them: the value in their normal form, SHA-256, hex in small letters."""

from __future__ import annotations

import hashlib
import re

from pipelines.exports.request import ExportError

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def hashed_email(address: str) -> str:
    """Hash of an e-mail address: without blanks, in small letters; of Gmail without dots and what follows a plus."""
    return _sha256(normal_email(address))


def hashed_phone(number: str) -> str:
    """Hash of a telephone number in E.164, plus sign included. Raises ExportError for another form."""
    compact = re.sub(r"\s", "", number)
    if not _E164.fullmatch(compact):
        raise ExportError(
            "A telephone number is not in international form (E.164), so that its hash would match nobody."
        )
    return _sha256(compact)


def normal_email(address: str) -> str:
    """The form in which platforms hash an address."""
    local, at, domain = re.sub(r"\s", "", address).lower().rpartition("@")
    if domain in _GMAIL:
        local = local.partition("+")[0].replace(".", "")
    return f"{local}{at}{domain}"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
