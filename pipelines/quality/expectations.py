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

HABIT = 3
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

        What fails on the same weekday HABIT times is a habit of the source, no fault, and counts.
        """
        start = self.begins.get(measure, 0)
        kept = list(enumerate(self.profiles))[start:]
        failed = Counter(day for _, (day, profile) in kept if measure in profile.get("failed", ()))
        return [
            (day, profile)
            for index, (day, profile) in kept
            if measure not in profile.get("failed", ()) or failed[day] >= HABIT or index == start > 0
        ]


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
    if rule.measure == "rows" or rule.unit == "share":
        return rule.low, rule.high
    if rule.unit == "percent":
        return _divided(rule.low, 100), _divided(rule.high, 100)
    rows = max(1, profile["rows"])  # rule: so many rows may be wrong
    return (
        None if rule.high is None else 1 - rule.high / rows,
        None if not rule.low else 1 - rule.low / rows,
    )


def _divided(bound: float | None, by: float) -> float | None:
    return None if bound is None else bound / by


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
