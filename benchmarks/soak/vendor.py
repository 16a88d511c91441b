"""What is delivered to the home of a soak, and how many rows of it there are: invented files of all demo sources."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path

from pipelines.contracts.load import load_contract
from pipelines.demo.followup import generate_followup
from pipelines.demo.generate import DemoSummary, generate_demo
from pipelines.errors import ContractError
from pipelines.ingest.manifests import is_expired, list_deliveries, write_manifest

_SHARE_TONIGHT = 0.6
_LONG_AGO = "2001-01-01T00:00:00"
_VERSION = re.compile(r"^version: (\d+)\.\d+\.\d+$", re.MULTILINE)
_LINE = re.compile(r"^ +- \{name: (\w+), physicalName: .*\}\n", re.MULTILINE)


@dataclass(frozen=True)
class Parcel:
    """One whole file with its number of rows; `delivery_id` as the pipeline names it."""

    source: str
    path: Path
    rows: int
    delivery_id: str


@dataclass
class Vendor:
    """Everybody who delivers to `home`. `delivered` holds every whole file that ever lay in landing, by delivery_id."""

    home: Path
    dice: random.Random
    people: int
    first_day: date
    delivered: dict[str, Parcel] = field(default_factory=dict)
    _waiting: list[Parcel] = field(default_factory=list)
    _withdraw: list[Path] = field(default_factory=list)
    _mend: dict[Path, str] = field(default_factory=dict)

    @property
    def _store(self) -> Path:
        return self.home.parent / "vendor"

    def deliver_first(self) -> str:
        """The first files of every source."""
        self._put(self._parcels(generate_demo(self._store / "0", self.people, as_of=self.first_day), "0"))
        return "first files of all sources"

    def deliver(self, day: date) -> str:
        """Some of the day's files and of those held back before; the rest comes late."""
        folder = str((day - self.first_day).days)
        made = generate_followup(self._store / folder, self.people, as_of=self.first_day, delivered_on=day)
        waiting = [*self._waiting, *self._parcels(made, folder)]
        self.dice.shuffle(waiting)
        tonight = [parcel for parcel in waiting if self.dice.random() < _SHARE_TONIGHT]
        self._waiting = [parcel for parcel in waiting if parcel not in tonight]
        late = sum(parcel.path.parent.parent.parent.name != folder for parcel in tonight)
        self._put(tonight)
        return f"{len(tonight)} files, {late} of them late"

    def rename_and_deliver_again(self) -> str:
        """Bytes that came before, under another name."""
        parcel = self.dice.choice([*self.delivered.values()])
        name = parcel.path.name.replace(
            parcel.source, f"{parcel.source}_again{self.dice.randrange(10**6)}", 1
        )
        shutil.copyfile(parcel.path, self._landing(parcel) / name)
        return "a file again under another name"

    def deliver_broken(self) -> str:
        """Bytes that are no file of their source; taken back before the next night."""
        parcel = self.dice.choice([*self.delivered.values()])
        name = parcel.path.name.replace(parcel.source, f"{parcel.source}_broken", 1)
        path = self._landing(parcel) / name
        path.write_bytes(bytes(self.dice.randrange(256) for _ in range(400)))
        self._withdraw.append(path)
        return f"a broken file of {parcel.source}"

    def break_contract(self) -> str:
        """A contract that nobody can read; mended before the next night."""
        path = self.dice.choice(sorted((self.home / "contracts").glob("*.yml")))
        self._mend.setdefault(path, path.read_text(encoding="utf-8"))
        path.write_text("apiVersion: v3.1.0\nkind: [\n", encoding="utf-8")
        return f"contract of {path.stem} broken"

    def edit_contract(self) -> str:
        """A mapped column less, from now on; its major version says that it is meant."""
        path = self.dice.choice(sorted((self.home / "contracts").glob("*.yml")))
        text = path.read_text(encoding="utf-8")
        lines = [found for found in _LINE.finditer(text) if "required: true" not in found.group()]
        if path in self._mend or not lines:
            return "no contract edited"
        line = self.dice.choice(lines)
        edited = text[: line.start()] + text[line.end() :]
        raised = _VERSION.sub(lambda found: f"version: {int(found.group(1)) + 1}.0.0", edited, count=1)
        path.write_text(raised, encoding="utf-8")
        try:
            load_contract(path, self.home)
        except ContractError:
            path.write_text(text, encoding="utf-8")
            return f"contract of {path.stem} edited and taken back"
        return f"{path.stem} no longer maps {line.group(1)}"

    def age(self, source: str | None = None) -> str:
        """Date one stored delivery back beyond every term of a contract: the next night must remove it."""
        young = [m for m in list_deliveries(self.home, source=source) if not is_expired(m)]
        manifest = self.dice.choice(young)
        write_manifest(self.home, {**manifest, "taken_at": _LONG_AGO})
        return f"a delivery of {manifest['source_system']} past its term"

    def put_in_order(self) -> None:
        """What was broken for one night is taken back or mended."""
        for path in self._withdraw:
            path.unlink(missing_ok=True)
        for path, text in self._mend.items():
            path.write_text(text, encoding="utf-8")
        self._withdraw.clear()
        self._mend.clear()

    def _parcels(self, made: DemoSummary, folder: str) -> list[Parcel]:
        found = []
        for path in sorted((self._store / folder / "landing").glob("*/*")):
            delivery_id = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
            found.append(Parcel(path.parent.name, path, made.rows[path.parent.name], delivery_id))
        return found

    def _put(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            target = self._landing(parcel) / parcel.path.name
            shutil.copyfile(parcel.path, target)
            day = self.first_day.toordinal() + int(parcel.path.parent.parent.parent.name)
            moment = datetime.combine(date.fromordinal(day), time(1), UTC).timestamp()
            os.utime(target, (moment, moment))  # a late file tells by its time that it is late
            self.delivered.setdefault(parcel.delivery_id, parcel)

    def _landing(self, parcel: Parcel) -> Path:
        folder = self.home / "landing" / parcel.source
        folder.mkdir(parents=True, exist_ok=True)
        return folder
