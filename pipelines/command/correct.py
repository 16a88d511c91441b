"""`ucv correct`: what a person says is right wins over every source, from the next run on and after any rebuild.

A correction is a record of the source `corrections`, delivered by this command and stored like any other: it has provenance, goes
into backups and leaves with an erasure. A must-link ties it to a record of the customer, so that it follows that record through
merges and splits.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from pipelines.command.erase_who import published_records
from pipelines.command.erased_people import erased_people
from pipelines.contracts.load import load_contract
from pipelines.errors import UcvError
from pipelines.functions.date import parse_date
from pipelines.functions.email import standardise_email
from pipelines.functions.identifier import standardise_identifier
from pipelines.functions.phone import standardise_phone
from pipelines.identity.verdicts import MUST_LINK, record_verdicts
from pipelines.ingest.source import ingest_source
from pipelines.publishing.locks import home_lock
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings
from pipelines.storage.durable import write_file
from pipelines.storage.keys import Keys

SOURCE = "corrections"
FIELDS = (
    "full_name", "native_name", "gender", "birth_date", "national_id", "phone", "email", "address", "organisation_name",
    "occupation", "education", "marital_status", "income_band", "birth_place",
)  # fmt: skip

_READ: dict[str, Callable[[str], Mapping[str, Any] | None]] = {
    "birth_date": lambda text: parse_date(text, "yyyy-MM-dd", None),
    "phone": lambda text: standardise_phone(text, None),
    "email": standardise_email,
    "national_id": lambda text: standardise_identifier(text, "CN"),
}


class CorrectionError(UcvError):
    """A correction cannot be taken: nothing was recorded (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Correction:
    """One that was recorded: its record and the record of the customer that it is tied to."""

    record_id: str
    tied_to: str


def correct(  # noqa: PLR0913 - who, what, why
    settings: Settings, keys: Keys, customer: str, told: Sequence[str], *, by: str, reason: str
) -> Correction:
    """Record values (`field=value`) for a customer of the published version.

    Raises CorrectionError for an unknown customer, field or value, before anything is written.
    """
    values = _values(told)
    if not by.strip() or not reason.strip():
        raise CorrectionError("Who corrects and why is recorded: give --name and --reason, neither blank.")
    with home_lock(settings):
        xref, retired = published_records(settings, keys)
        living = retired.get(customer, customer)
        if living not in set(xref.values()):
            raise CorrectionError(
                f"{customer!r} is no customer of the published version. Nothing was recorded."
            )
        tied_to = _steadiest(settings, keys, living)
        key = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        record_id = f"{SOURCE}:{key}"
        token = keys.tokeniser()
        record_verdicts(settings.home, MUST_LINK, [(token(record_id), token(tied_to))], settings.today())
        _deliver(settings, keys, {"id": key, "by": by.strip(), "why": reason.strip(), **values})
    return Correction(record_id, tied_to)


def _values(told: Sequence[str]) -> dict[str, str]:
    values = {}
    for one in told:
        field, sign, value = one.partition("=")
        if field not in FIELDS or not sign or not value.strip():
            raise CorrectionError(
                f"Expected field=value with a field of {', '.join(FIELDS)}; one of the arguments has {field[:40]!r} in front."
            )
        read = _READ[field](value.strip()) if field in _READ else {"status": "valid"}
        if read is None or read["status"] in ("junk", "invalid", "missing"):
            remedy = {"phone": "; write it in international form, +86…", "birth_date": "; write yyyy-MM-dd"}
            raise CorrectionError(
                f"The value for {field} cannot be read{remedy.get(field, '')}. Nothing was recorded."
            )
        values[field] = value.strip()
    if not values:
        raise CorrectionError("Nothing to correct was given; expected field=value.")
    return values


def _steadiest(settings: Settings, keys: Keys, customer: str) -> str:
    """The record that gives the customer's name, else the first: what stays when others leave."""
    with open_reader(settings, keys) as conn:
        row = conn.execute(
            "SELECT coalesce((SELECT min(record_id) FROM customer_values WHERE customer_id = $1 AND field = 'display_name' "
            "AND is_golden), (SELECT min(record_id) FROM customer_xref WHERE customer_id = $1))",
            [customer],
        ).fetchone()
    return str(row[0]) if row else ""


def _deliver(settings: Settings, keys: Keys, line: dict[str, str]) -> None:
    """Store the record as a delivery of its source; a kill leaves it in landing, where the next night finds it."""
    path = settings.home / "contracts" / f"{SOURCE}.yml"
    if not path.exists():
        write_file(path, files("pipelines.privacy").joinpath("corrections.yml").read_text(encoding="utf-8"))
    contract = load_contract(path, settings.home)
    now = datetime.now(UTC)
    landed = settings.home / "landing" / SOURCE / f"{line['id']}.jsonl"
    told = {**line, "reference": line["id"], "at": _moment(settings, now)}
    write_file(landed, json.dumps(told, ensure_ascii=False) + "\n")
    os.chmod(landed, 0o600)
    reports = ingest_source(
        contract, settings, keys, now.replace(tzinfo=None), people=erased_people(settings, keys)
    ).deliveries
    done = next((one for one in reports if one.file_name == landed.name), None)
    landed.unlink(missing_ok=True)
    if done is None or done.status != "accepted" or done.accepted != 1:
        raise CorrectionError(
            "The correction was not taken: its values resemble somebody who was erased. Ask the privacy officer."
        )


def _moment(settings: Settings, now: datetime) -> str:
    """The clock's, on the as-of day where one is set: a correction is no event of the future."""
    if settings.as_of_date is None:
        return f"{now:%Y-%m-%d %H:%M:%S}"
    return f"{settings.as_of_date} {now:%H:%M:%S}"
