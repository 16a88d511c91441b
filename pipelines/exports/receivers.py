"""Who gets a file: `receivers/NAME.yml` of the home, written by whoever answers for the contract with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.contracts.customs import COUNTRIES
from pipelines.errors import UcvError

ROLES = ("processor", "handler")
"""A processor does what we tell it (PIPL 21); a handler decides itself what it does with the data (PIPL 23)."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_KEYS = ("title", "role", "country", "contract", "transferBasis")


class ReceiverError(UcvError):
    """A receiver is unknown, or its file is wrong: a mistake of its author (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Receiver:
    """`contract` is the reference of what was agreed with them; `transfer_basis` that of PIPL 38, where one is recorded."""

    name: str
    title: str
    role: str
    country: str
    contract: str
    transfer_basis: str | None

    @property
    def decides(self) -> bool:
        """Whether the data are given to others, and not only handled by them for us."""
        return self.role == "handler"


def find_receiver(home: Path, name: str) -> Receiver:
    """Raises ReceiverError that names the file, the key and what was expected."""
    folder = home / "receivers"
    known = sorted(path.stem for path in folder.glob("*.yml")) if folder.is_dir() else []
    if not _NAME.fullmatch(name) or name not in known:
        raise ReceiverError(
            f"No receiver {name!r}; there are {', '.join(known) or 'none'}. Write {folder}/NAME.yml with {', '.join(_KEYS)}."
        )
    path = folder / f"{name}.yml"
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReceiverError(f"{path} cannot be read as YAML ({type(error).__name__}); mend it.") from error
    return _receiver(name, path, told)


def _receiver(name: str, path: Path, told: Any) -> Receiver:
    if not isinstance(told, dict) or set(map(str, told)) - set(_KEYS):
        raise ReceiverError(f"{path}: expected the keys {', '.join(_KEYS)} and no other.")
    country, role = str(told.get("country")), str(told.get("role"))
    if country not in COUNTRIES:
        raise ReceiverError(
            f"{path}: country is {country!r}; expected two capital letters of ISO 3166, such as CN."
        )
    if role not in ROLES:
        raise ReceiverError(
            f"{path}: role is {role!r}; expected processor (does what we tell them) or handler (decides itself)."
        )
    contract = told.get("contract")
    if not isinstance(contract, str) or not contract.strip():
        raise ReceiverError(
            f"{path}: contract must name what was agreed with them, such as a number and day."
        )
    basis = told.get("transferBasis")
    if basis is not None and (not isinstance(basis, str) or not basis.strip()):
        raise ReceiverError(
            f"{path}: transferBasis must name what PIPL 38 asks for, such as a filed standard contract."
        )
    return Receiver(
        name, str(told.get("title") or name), role, country, contract.strip(), basis and basis.strip()
    )
