"""What is expected of one delivery: the contract's bounds, the default ones, and bands learned from the deliveries before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.contracts.model import Contract, QualityRule
from pipelines.contracts.quality import LEARNED
from pipelines.quality.bands import Band, Past, row_band, share_band
from pipelines.quality.measures import DEFAULTS, FEWEST_ROWS
from pipelines.quality.profile import Profile
from pipelines.quality.stability import Reference, reference_of

HABIT, LASTING = 3, 5
_ROUNDING = 1e-12  # what two ways of computing one share may differ by
CONTRACT, DEFAULT = "contract", "default"


@dataclass(frozen=True)
class Expectation:
    """Bounds of one measure of a delivery, both included; for classes the reference whose limit is `high`."""

    measure: str
    low: float | None
    high: float | None
    severity: str
    bounds_from: str
    reference: Reference | None = None
    owner: str | None = None
    remedy: str | None = None


@dataclass(frozen=True)
class Earlier:
    """Profiles of good deliveries of the source with their weekday, oldest first, and the measures that begin later.

    `begins` maps a measure to the index of the first profile that counts for it: a change of it was accepted there.
    """

    profiles: Sequence[tuple[int, Profile]] = ()
    begins: Mapping[str, int] = field(default_factory=dict)

    def of(self, measure: str) -> list[tuple[int, Profile]]:
        """Profiles from which the measure's band is learned: without those in which it failed.

        What fails on the same weekday HABIT times, or LASTING times in a row, is how the source is now, no fault, and counts.
        """
        start = self.begins.get(measure, 0)
        kept = list(enumerate(self.profiles))[start:]
        is_failed = [measure in profile.get("failed", ()) for _, (_, profile) in kept]
        days = Counter(day for (_, (day, _)), failed in zip(kept, is_failed, strict=True) if failed)
        lasting = _lasting(is_failed)
        return [
            (day, profile)
            for turn, (index, (day, profile)) in enumerate(kept)
            if not is_failed[turn] or days[day] >= HABIT or turn in lasting or index == start > 0
        ]


def _lasting(is_failed: Sequence[bool]) -> set[int]:
    """The places of failures of which LASTING or more came in a row: a change that stays."""
    found: set[int] = set()
    run: list[int] = []
    for turn, failed in enumerate([*is_failed, False]):
        if failed:
            run.append(turn)
            continue
        found |= set(run) if len(run) >= LASTING else set()
        run = []
    return found


def expectations_of(
    contract: Contract, profile: Profile, weekday: int, earlier: Earlier
) -> list[Expectation]:
    """Everything that this delivery is held against, sorted by measure."""
    found = [*_fixed(contract, profile), *_learned(contract, profile, weekday, earlier)]
    return sorted(found, key=lambda one: (one.measure, one.bounds_from))


def _fixed(contract: Contract, profile: Profile) -> Iterator[Expectation]:
    declared = {rule.measure for rule in contract.quality}
    for rule in contract.quality:
        if rule.measure == LEARNED or (rule.measure != "rows" and rule.measure not in profile["shares"]):
            continue
        low, high = _shares(rule, profile)
        yield Expectation(rule.measure, low, high, rule.severity, CONTRACT, None, rule.owner, rule.remedy)
    for default in DEFAULTS:
        rows = profile["shares"].get(default.measure, (0.0, 0))[1]
        if rows >= FEWEST_ROWS and default.measure not in declared:
            yield Expectation(default.measure, default.low, default.high, default.severity, DEFAULT)


def _shares(rule: QualityRule, profile: Profile) -> tuple[float | None, float | None]:
    """The rule's bounds in the unit in which the measure is taken: rows of the delivery, or a share of what is right."""
    if rule.measure == "rows":
        return rule.low, rule.high
    if rule.unit == "rows":  # so many of the rows that it is measured on may be wrong
        rows = max(1.0, profile["shares"][rule.measure][1])
        low = None if rule.high is None else (rows - rule.high) / rows
        high = None if not rule.low else (rows - rule.low) / rows
    else:
        by = 100 if rule.unit == "percent" else 1
        low, high = (None if bound is None else bound / by for bound in (rule.low, rule.high))
    return (None if low is None else low - _ROUNDING, None if high is None else high + _ROUNDING)


def _learned(contract: Contract, profile: Profile, weekday: int, earlier: Earlier) -> Iterator[Expectation]:
    severity = next((rule.severity for rule in contract.quality if rule.measure == LEARNED), "warn")
    past = [Past(float(old["rows"]), day, old["rows"]) for day, old in earlier.of("rows")]
    band = row_band(past, weekday)
    if band:
        yield _from_band("rows", band, severity)
    for measure, (_, rows) in profile["shares"].items():
        past = [
            Past(old["shares"][measure][0], day, old["shares"][measure][1])
            for day, old in earlier.of(measure)
            if measure in old["shares"]
        ]
        band = share_band(past, weekday, rows)
        if band:
            yield _from_band(measure, band, severity)
    for name, counts in profile["classes"].items():
        measure = f"label:{name}"
        olds = [old["classes"][name] for _, old in earlier.of(measure) if name in old["classes"]]
        reference = reference_of(olds, sum(counts.values()))
        if reference:
            yield Expectation(
                measure, None, reference.limit, severity, _from(reference.deliveries), reference
            )


def _from_band(measure: str, band: Band, severity: str) -> Expectation:
    return Expectation(measure, band.low, band.high, severity, _from(band.deliveries))


def _from(deliveries: int) -> str:
    return f"learned from {deliveries} deliveries"
