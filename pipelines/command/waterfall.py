"""The evidence of one pair as a picture: bars in bits from the prior to the match weight."""

from __future__ import annotations

from pathlib import Path

from pipelines.command.evidence import PairEvidence
from pipelines.errors import SettingsError

_FORMATS = (".png", ".svg")
_UP, _DOWN, _SUM = "#2f7d4f", "#b3452c", "#3b5b92"


def draw_waterfall(pair: PairEvidence, target: Path) -> Path:
    """Write the picture and return its path. Raises SettingsError for another format or a folder that is not there."""
    if target.suffix.lower() not in _FORMATS or not target.parent.is_dir():
        raise SettingsError(f"{target} cannot be written; give a .png or .svg file in a folder that exists.")
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import, and only this needs it

    steps = [("prior", pair.prior)]
    steps += [(f"{part.field}: {part.level}", part.bits) for part in pair.parts]
    steps += [(f"rule: {part.field}", part.bits) for part in pair.guards]
    figure = Figure(figsize=(8, 0.4 * len(steps) + 1.6), layout="constrained")
    axes = figure.subplots()
    total = 0.0
    for place, (_, bits) in enumerate(steps):
        axes.barh(place, bits, left=total, color=_UP if bits >= 0 else _DOWN)
        total += bits
        axes.annotate(
            f"{bits:+.1f}",
            (max(total, total - bits), place),
            (3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    axes.barh(len(steps), pair.match_weight, color=_SUM)
    axes.set_yticks(range(len(steps) + 1), [*(name for name, _ in steps), "match weight"])
    axes.invert_yaxis()
    axes.use_sticky_edges = False  # room for the numbers beside the longest bars
    axes.margins(x=0.12)
    axes.axvline(pair.floor, color="black", linewidth=0.8, linestyle="--")
    axes.set_xlabel("bits (log2 of the Bayes factor); dashed: links from here on")
    axes.set_title(
        f"profiles {pair.profile_a} and {pair.profile_b}: {pair.match_weight:+.1f} bits, {pair.probability:.1%}"
    )
    figure.savefig(target)
    return target
