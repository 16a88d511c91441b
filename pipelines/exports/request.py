"""What an export asks for, checked before anything is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipelines.errors import UcvError
from pipelines.exports.file_contract import FileContract
from pipelines.exports.receivers import Receiver

KIND_OF_CHANNEL = {"email": "email", "sms": "phone", "phone": "phone", "post": "address"}
"""Channel -> kind of contact point that it goes to."""

CSV, PARQUET, SPREADSHEET, HASHED = "csv", "parquet", "spreadsheet", "hashed"
FORMS = (CSV, PARQUET, SPREADSHEET, HASHED)

ID_SHAPE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""Of export ids and campaigns: they name folders."""


class ExportError(UcvError):
    """The export is refused as it was asked for: a mistake of the caller (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Request:
    """One export. `day` is the day on which it leaves, `hold_out` a share from 0 to below 1, `cap` the most rows or None.

    `since` is an earlier export: only what changed since then is written.

    `receiver` is who gets the file, None while it stays in the house; `is_profiled` says that scores or predictions choose the
    audience; `contract` says which columns the file has, None for recipient, name and value.

    `audience_hash` is the SHA-256 of the audience's rules: with other rules it is another export.
    """

    export_id: str
    audience: str
    audience_hash: str
    channel: str
    purpose: str
    form: str
    campaign: str
    day: date
    hold_out: float
    cap: int | None
    since: str | None = None
    receiver: Receiver | None = None
    is_profiled: bool = False
    contract: FileContract | None = None

    @property
    def kind(self) -> str:
        """Kind of contact point."""
        return KIND_OF_CHANNEL[self.channel]

    @property
    def first_party_only(self) -> bool:
        """Advertising platforms take only what a house collected itself (rules of Google Customer Match)."""
        return self.form == HASHED

    @property
    def asked(self) -> dict[str, object]:
        """What must be the same for an export to be the same one; the day is not part of it."""
        names = (
            "audience",
            "audience_hash",
            "channel",
            "purpose",
            "form",
            "campaign",
            "hold_out",
            "cap",
            "since",
        )
        who = self.receiver
        told: dict[str, object] = {name: getattr(self, name) for name in names}
        return told | {
            "receiver": who.name if who else None,
            "receiver_country": who.country if who else None,
            "contract": self.contract.name if self.contract else None,
            "contract_key": self.contract.key if self.contract else None,
        }


def check_request(request: Request) -> None:
    """Raises ExportError for a channel, form, name or number that no export has."""
    if request.channel not in KIND_OF_CHANNEL:
        raise ExportError(
            f"--channel is {request.channel!r}; expected one of {', '.join(KIND_OF_CHANNEL)}. Other channels have no contact "
            "values to export yet."
        )
    if request.form not in FORMS:
        raise ExportError(f"--format is {request.form!r}; expected one of {', '.join(FORMS)}.")
    if request.form == HASHED and request.receiver is None:
        raise ExportError("A hashed file is made for somebody else: name who gets it with --to.")
    if request.form == HASHED and request.kind == "address":
        raise ExportError("Hashed files hold e-mail addresses or telephone numbers; take another channel.")
    for option, value in (("--export-id", request.export_id), ("--campaign", request.campaign)):
        if not ID_SHAPE.fullmatch(value):
            raise ExportError(
                f"{option} is {value!r}; expected up to 64 of a-z, 0-9, - and _, beginning with a letter or digit."
            )
    if request.contract and request.form == HASHED:
        raise ExportError("A hashed file holds hashes alone; leave out --contract.")
    if request.since and request.form == HASHED:
        raise ExportError(
            "Hashed files are whole audiences, by which a platform replaces the one before; leave out --since."
        )
    if not 0 <= request.hold_out < 1:
        raise ExportError(f"--hold-out is {request.hold_out:g}; expected a share from 0 to below 1.")
