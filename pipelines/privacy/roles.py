"""The roles that have a file of their own beside each version, and what each may see of a column of each class."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import SettingsError, UcvError
from pipelines.privacy.column_classes import ATTRIBUTE, DIRECT, KEY, OPEN, QUASI, SENSITIVE
from pipelines.storage.key_document import print_of
from pipelines.storage.keys import Keys

MARKETING, SERVICE, STEWARD, OFFICER = "marketing", "service", "steward", "officer"
ROLES = (MARKETING, SERVICE, STEWARD, OFFICER)

AS_IS, MASKED, LEFT_OUT, TOKEN, BAND = "as is", "masked", "left out", "token", "band"
TREATMENTS: Mapping[str, Mapping[str, str]] = {
    MARKETING: {OPEN: AS_IS, ATTRIBUTE: BAND, QUASI: BAND, KEY: TOKEN, DIRECT: LEFT_OUT, SENSITIVE: LEFT_OUT},
    SERVICE: {OPEN: AS_IS, ATTRIBUTE: AS_IS, QUASI: AS_IS, KEY: AS_IS, DIRECT: MASKED, SENSITIVE: LEFT_OUT},
    STEWARD: dict.fromkeys((OPEN, ATTRIBUTE, QUASI, KEY, DIRECT, SENSITIVE), AS_IS),
    OFFICER: {OPEN: AS_IS, ATTRIBUTE: AS_IS, QUASI: AS_IS, KEY: AS_IS, DIRECT: MASKED, SENSITIVE: LEFT_OUT},
}  # fmt: skip
"""Role -> class -> what its file holds of such a column."""

TABLES: Mapping[str, tuple[str, ...]] = {
    SERVICE: (
        "golden.customers", "golden.customer_contact_points", "marts.customer_timeline", "marts.fct_orders",
        "marts.customer_membership", "marts.customer_consents", "marts.customer_suppressions", "golden.customer_values",
        "marts.customer_next_purchase",
    ),
    STEWARD: (
        "golden.*", "marts.customer_360", "marts.customer_timeline", "marts.household_summary", "marts.organisation_people",
        "marts.organisation_profile", "marts.organisation_status", "marts.organisation_credit",
        "marts.customer_membership", "marts.customer_consents", "marts.customer_suppressions",
    ),
    OFFICER: (
        "golden.customers", "golden.customer_xref", "golden.customer_values", "golden.customer_contact_points",
        "golden.customer_inferred", "golden.customer_id_history", "golden.source_quality", "marts.consent_ledger",
        "marts.customer_consents", "marts.customer_suppressions", "marts.barred_contact_values", "marts.contact_value_sources",
        "marts.list_members", "marts.acquisition_terms_history", "marts.dim_acquisition_terms", "marts.dim_purposes",
        "marts.organisation_credit",
    ),
}  # fmt: skip
"""Role -> tables of its file. Of marketing they are made for it (marketing_file.py)."""


@dataclass(frozen=True)
class RoleKey:
    """The key of one role's files in one period of one home; `secret` is in DuckDB's base64 form. `log_secret` seals
    lines of the access log and nothing else; it is the same in every period."""

    home_id: str
    role: str
    period: int
    secret: str
    log_secret: str

    def __repr__(self) -> str:
        return f"RoleKey({self.home_id!r}, {self.role!r}, {self.period})"

    @property
    def key_print(self) -> str:
        """64 bits (hex) by which the key is known again."""
        return print_of(base64.b64decode(self.secret))

    def to_json(self) -> str:
        """What is handed out, to be kept in a file of mode 0600."""
        told: dict[str, object] = {"home_id": self.home_id, "role": self.role, "period": self.period}
        told |= {"key": self.secret, "log": self.log_secret}
        return json.dumps(told) + "\n"


def key_purpose(role: str) -> str:
    """The purpose under which a role's key is derived."""
    return f"role/{role}"


def role_key(keys: Keys, role: str) -> RoleKey:
    """A role's key of the home's period. Raises UcvError for a role that there is not."""
    require_role(role)
    log = keys.tokeniser()(f"access-log-key/{role}")
    return RoleKey(keys.home_id, role, keys.period, keys.duckdb_key(key_purpose(role)), log)


def require_role(role: str) -> None:
    """UcvError for a role that there is not."""
    if role not in ROLES:
        raise UnknownRoleError(f"There is no role '{role}'; expected one of {', '.join(ROLES)}.")


class UnknownRoleError(UcvError):
    """A role that there is not (exit 2)."""

    exit_code = 2


def read_role_key(path: Path) -> RoleKey:
    """A key that was handed out. SettingsError when the file is missing, readable by others, or something else."""
    try:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise SettingsError(
                f"Role key {path} has mode {mode:04o}: others can read it; `chmod 600 {path}`."
            )
        told = json.loads(path.read_text(encoding="utf-8"))
        base64.b64decode(told["key"], validate=True)
        named = str(told["home_id"]), str(told["role"]), int(told["period"])
        return RoleKey(*named, str(told["key"]), str(told["log"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"Role key {path} cannot be used ({type(error).__name__}); expected the file that `ucv keys role` wrote."
        ) from None
