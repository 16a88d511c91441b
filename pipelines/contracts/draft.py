"""What a sample says for the contract of its source: kind, columns, key, country and currency, each with how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.contracts.column_guess import Guess, Guesses, guess_columns
from pipelines.contracts.country_guess import CountryGuess, guess_country
from pipelines.contracts.key_guess import KeyGuess, guess_key
from pipelines.contracts.kind_guess import DEFAULT_KIND, guess_kind
from pipelines.contracts.known_exports import KnownExport, recognise
from pipelines.contracts.sample import Sample


@dataclass(frozen=True)
class Draft:
    """A contract before it is written. `told_kind` is what the file says where somebody said another kind, else None."""

    kind: str
    kind_why: str
    guesses: Guesses
    key: KeyGuess
    sample: Sample = field(default_factory=Sample)
    export: KnownExport | None = None
    country: CountryGuess | None = None
    told_kind: str | None = None

    @property
    def mapped(self) -> dict[str, Guess]:
        return self.guesses.mapped


def draft_from(sample: Sample, kind: str | None = None) -> Draft:
    """The draft of a sample with columns; `kind`: what somebody says that it holds, else it is told from the file."""
    export = recognise(sample.columns)
    told, why = _kind(sample, export)
    chosen = kind or told
    guesses = guess_columns(sample, chosen, export)
    return Draft(
        chosen,
        why if chosen == told else f"as given; by the file it is a {told} ({why})",
        guesses,
        guess_key(sample, guesses),
        sample,
        export,
        guess_country(sample, guesses),
        None if chosen == told else told,
    )


def _kind(sample: Sample, export: KnownExport | None) -> tuple[str, str]:
    if export is not None:
        return export.kind, f"its header is that of {export.name}"
    kind, speaking = guess_kind(sample)
    if not speaking:
        return DEFAULT_KIND, "nothing in the file speaks for another kind"
    return kind, f"its columns {', '.join(speaking[:4])} speak for it"
