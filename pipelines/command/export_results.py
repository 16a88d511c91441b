"""`ucv export results`: what became of an export comes back as interactions, so that a campaign's lift is measured.

Whoever was in the file counts as written to and whoever was held out as held out, from the day of the export on; what the receiver
tells is added. Every record has a key of its own, so that the same file again, or a longer one, adds only what is new.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipelines.command.erased_people import erased_people
from pipelines.command.export_judged import read_sent
from pipelines.contracts.load import load_contract
from pipelines.exports.ledger import members_path, read_ledger
from pipelines.exports.request import KIND_OF_CHANNEL, ExportError
from pipelines.exports.results import EVENTS, Result, parse_results
from pipelines.exports.rows import Member
from pipelines.ingest.source import ingest_source
from pipelines.publishing.locks import home_lock
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings
from pipelines.storage.durable import write_file
from pipelines.storage.keys import Keys

SOURCE = "export_results"

_REACHED = """
SELECT points.customer_id, customers.display_name, points.value, points.value_rank
FROM golden.customer_contact_points AS points
INNER JOIN golden.customers AS customers ON points.customer_id = customers.customer_id
WHERE points.kind = ?
ORDER BY points.customer_id, points.value_rank DESC
"""


@dataclass(frozen=True)
class Taken:
    """Counts: people written to and held out, events told, of recipients nobody knows, of people gone since; rows stored as new."""

    sent: int
    held_out: int
    events: int
    unknown: int
    gone: int
    stored: int


@dataclass(frozen=True)
class _Person:
    name: str
    value: str


def read_results(settings: Settings, keys: Keys, export_id: str, given: Sequence[str]) -> Taken:
    """Take what became of one export; without a file, that it was sent.

    Raises ExportError for an export that was never made, or a file with a wrong line: then nothing was taken.
    """
    token = keys.tokeniser()
    entry = next((one for one in read_ledger(settings.home, token) if one["export_id"] == export_id), None)
    if entry is None:
        raise ExportError(
            f"--export-id is {export_id!r}; expected an export of this home, see `ucv export ledger`."
        )
    told = [result for path in given for result in parse_results(Path(path))]
    with home_lock(settings):
        members = read_sent(settings, keys, members_path(settings.home, int(entry["number"]), export_id))
        people = _people(settings, keys, KIND_OF_CHANNEL[str(entry["channel"])])
        known = {member.recipient for member in members if member.recipient}
        lines = list(_lines(entry, members, told, people))
        stored = _deliver(settings, keys, lines) if lines else 0
    held = sum(member.role == "held_out" for member in members)
    gone = sum(_person(member, people) is None for member in members)
    unknown = sum(result.recipient not in known for result in told)
    return Taken(len(members) - held, held, len(told) - unknown, unknown, gone, stored)


def _people(settings: Settings, keys: Keys, kind: str) -> dict[str, _Person]:
    """Keyed token of a value, and of a customer, -> whom it means today; of a customer the best value."""
    token, found = keys.tokeniser(), {}
    with open_reader(settings, keys) as conn:
        for customer, name, value, _ in conn.execute(_REACHED, [kind]).fetchall():
            person = _Person(name or "", value)
            found[token(f"customer/{customer}")] = person
            found[token(f"customer/{customer}") + token(f"value/{kind}/{value}")] = person
    return found


def _person(member: Member, people: Mapping[str, _Person]) -> _Person | None:
    return people.get(member.customer_token + member.value_token) or people.get(member.customer_token)


def _lines(
    entry: Mapping[str, Any], members: Iterable[Member], told: Iterable[Result], people: Mapping[str, _Person]
) -> Iterator[dict[str, Any]]:
    export_id, kind = str(entry["export_id"]), KIND_OF_CHANNEL[str(entry["channel"])]
    events: dict[str, list[tuple[str, str]]] = {}
    for result in told:
        events.setdefault(result.recipient, []).append(
            (EVENTS[result.event], f"{result.at:%Y-%m-%d %H:%M:%S}")
        )
    for member in members:
        person = _person(member, people)
        if person is None:
            continue
        held_out = member.role == "held_out"
        sent = ("campaign_send", f"{entry['day']} 00:00:00")
        for event, at in dict.fromkeys([sent, *([] if held_out else events.get(member.recipient, []))]):
            if event == "campaign_send" and (event, at) != sent:
                continue  # that it was sent is told already
            key = hashlib.sha256(f"{export_id}/{member.customer_token}/{event}/{at}".encode()).hexdigest()[
                :32
            ]
            yield {
                "id": key, "at": at, "event": event, "channel": entry["channel"], "campaign": entry["campaign"],
                "held_out": held_out, "name": person.name, kind: person.value,
            }  # fmt: skip


def _deliver(settings: Settings, keys: Keys, lines: Sequence[Mapping[str, Any]]) -> int:
    """Store the lines as a delivery of their source; rows that are there already are passed over. Returns the new ones."""
    path = settings.home / "contracts" / f"{SOURCE}.yml"
    if not path.exists():
        write_file(path, files("pipelines.exports").joinpath("results.yml").read_text(encoding="utf-8"))
    contract = load_contract(path, settings.home)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    landed = settings.home / "landing" / SOURCE / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.jsonl"
    write_file(landed, text)
    os.chmod(landed, 0o600)
    reports = ingest_source(
        contract, settings, keys, datetime.now(UTC).replace(tzinfo=None), people=erased_people(settings, keys)
    ).deliveries
    landed.unlink(missing_ok=True)
    done = next((one for one in reports if one.file_name == landed.name), None)
    return done.accepted if done else 0
