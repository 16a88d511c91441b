"""Which canonical field each column of a sample fills, and how sure that is: name first, values vote."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.contracts.column_names import meant_fields, plain_name
from pipelines.contracts.column_values import form_of
from pipelines.contracts.field_evidence import given_away, is_code, is_money, is_time, verdict
from pipelines.contracts.fields import Field, fields_of
from pipelines.contracts.known_exports import KnownExport
from pipelines.contracts.sample import Sample

SURE, LIKELY, DOUBTFUL = "sure", "likely", "doubtful"
_VALUES = frozenset({"email", "time", "resident_id", "mobile_cn", "phone", "number", "address_ip", "link"})
_EVENT_TIMES = {
    "transaction": "transacted_at",
    "interaction": "occurred_at",
    "suppression": "effective_at",
    "verification": "verified_at",
    "registration": "registered_at",
    "purchased_list": "collected_at",
}


@dataclass(frozen=True)
class Guess:
    """A column that fills a field. `why` is a few words for the reader of the draft; it holds no value."""

    field: str
    column: str
    sureness: str
    why: str


@dataclass
class Guesses:
    """The columns of one sample as far as they are told; `spoken_against`: column -> why its name was not believed."""

    kind: str
    mapped: dict[str, Guess] = field(default_factory=dict)
    spoken_against: dict[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> set[str]:
        return {guess.column for guess in self.mapped.values()}

    def add(self, name: str, column: str, sureness: str, why: str) -> None:
        self.mapped[name] = Guess(name, column, sureness, why)

    def free(self, names: tuple[str, ...]) -> str | None:
        """The first of the names, or of their repetitions, that the kind has and no column fills."""
        repeats = [f"{name}_{turn}" for name in names for turn in (2, 3)]
        fields = fields_of(self.kind)
        return next((name for name in (*names, *repeats) if name in fields and name not in self.mapped), None)


def guess_columns(sample: Sample, kind: str, export: KnownExport | None) -> Guesses:
    """Fields of `kind` with their columns, in the order of the columns."""
    found = Guesses(kind)
    if export is not None:
        _by_export(found, sample, export)
    _by_name(found, sample, export)
    _by_values(found, sample)
    _by_elimination(found, sample)
    _promote(found)
    order = {column: place for place, column in enumerate(sample.columns)}
    found.mapped = dict(sorted(found.mapped.items(), key=lambda item: order[item[1].column]))
    return found


def _by_export(found: Guesses, sample: Sample, export: KnownExport) -> None:
    for column in sample.columns:
        name = export.fields.get(plain_name(column))
        if not name or name not in fields_of(found.kind) or name in found.mapped:
            continue
        told = verdict(fields_of(found.kind)[name], sample.shapes[column])
        if told is False:
            found.spoken_against[column] = f"{export.name} calls {name} so, but its values are none"
        else:
            found.add(name, column, SURE, f"a column of {export.name}")


def _by_name(found: Guesses, sample: Sample, export: KnownExport | None) -> None:
    known = set(export.fields) if export is not None else set()
    for column in sample.columns:
        if column in found.taken or column in found.spoken_against or plain_name(column) in known:
            continue
        meant = meant_fields(column)
        if not meant or found.free(meant) is None:
            continue
        shape = sample.shapes[column]
        verdicts = {
            name: verdict(_field(found.kind, name), shape) for name in meant if _field(found.kind, name)
        }
        fit = tuple(name for name in meant if verdicts.get(name) is not False)
        name = found.free(tuple(sorted(fit, key=lambda one: verdicts.get(one) is not True)))
        if name is None:
            found.spoken_against[column] = f"called like {meant[0]}, but its values are none"
            continue
        sure = SURE if verdicts.get(name.rstrip("_23"), verdicts.get(name)) else LIKELY
        found.add(name, column, sure, "its name and its values" if sure == SURE else "its name")


def _field(kind: str, name: str) -> Field:
    fields = fields_of(kind)
    return fields.get(name) or Field(name, frozenset(), "string", "internal", "")


def _by_values(found: Guesses, sample: Sample) -> None:
    """Columns with an unknown or wrong name whose values are unmistakable."""
    for column in sample.columns:
        name = None if column in found.taken or _is_datum(column) else given_away(sample.shapes[column])
        free = found.free((name,)) if name else None
        if free:
            found.add(free, column, LIKELY, "its values alone")
    # An order number under a name that promises people: #1001 in a column Name.
    for column in found.spoken_against:
        key = found.free(("transaction_id",)) if found.kind == "transaction" else None
        if key and column not in found.taken and is_code(sample.shapes[column]):
            found.add(key, column, DOUBTFUL, "its values are numbers of something, not what its name says")


def _is_datum(column: str) -> bool:
    """Whether the name is a value: of a file without a header the first line may be a person."""
    return form_of(column) in _VALUES


def _by_elimination(found: Guesses, sample: Sample) -> None:
    """The one column left that has times, or money, fills what every record of the kind needs."""
    wanted = [(_EVENT_TIMES.get(found.kind, ""), is_time)]
    if found.kind == "transaction" and "unit_price" not in found.mapped:
        wanted.append(("amount", is_money))
    for name, fits in wanted:
        left = [
            column
            for column in sample.columns
            if column not in found.taken and fits(sample.shapes[column]) and not _is_datum(column)
        ]
        if name and name not in found.mapped and len(left) == 1:
            found.add(name, left[0], DOUBTFUL, "the only column left with such values")


def _promote(found: Guesses) -> None:
    """The only phone is no second one, whatever its name says."""
    for name in ("phone", "email", "address"):
        given = [found.mapped.pop(one) for one in (name, f"{name}_2", f"{name}_3") if one in found.mapped]
        for place, guess in enumerate(given, 1):
            turn = name if place == 1 else f"{name}_{place}"
            found.add(turn, guess.column, guess.sureness, guess.why)
