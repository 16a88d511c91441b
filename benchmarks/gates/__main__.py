"""The overhead of all gates: `python -m benchmarks.gates [--people N] [--records N]`.

A first night of a small demo home, then one of N generated registrations, each in a process of its own that notes how long
it spends in judging deliveries, freshness, layers, published tables and verdicts, in comparing contracts and in writing the
page, Great Expectations' import included. Seconds are wall time of that process. Exit 1 when the small home's gates take
more than 5 s, or those of the large one more than a tenth of its run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.registrations import registrations
from pipelines.demo.generate import generate_demo
from pipelines.storage.home import create_home

AS_OF = date(2026, 11, 1)
MOST_SECONDS, MOST_SHARE = 5.0, 0.1
WATCHED = {
    "deliveries": ("pipelines.assets.delivery_checks", "judge_delivery"),
    "layers": ("pipelines.assets.gates", "run_gate"),
    "published tables": ("pipelines.assets.gates", "_against_the_past"),
    "freshness": ("pipelines.assets.freshness", "judge_sources"),
    "verdicts": ("pipelines.assets.publish", "passing_verdicts"),
    "shapes of the version": ("pipelines.assets.publish", "shapes_of"),
    "contracts compared": ("pipelines.assets.nightly", "contracts_in_force"),
    "record of results": ("pipelines.assets.raw", "write_results"),
    "page": ("pipelines.assets.run_report", "_end"),
}
"""What is watched -> where its function is called by name."""
_CONTRACT = Path(__file__).with_name("web.yml")
_COLUMNS = ["source_record_id", "full_name", "phone", "email", "address", "national_id", "birth_date", "gender", "house_number",
            "street", "city", "postcode", "country"]  # fmt: skip


def small_home(home: Path, people: int) -> None:
    create_home(home)
    generate_demo(home, people, as_of=AS_OF)


def large_home(home: Path, records: int) -> None:
    settings = create_home(home)
    (settings.home / "contracts" / "web.yml").write_text(_CONTRACT.read_text("utf-8"), "utf-8")
    landing = settings.home / "landing" / "web"
    landing.mkdir(parents=True)
    registrations(records, _COLUMNS)[_COLUMNS].to_csv(landing / "all.csv", index=False)


def measure(home: Path) -> dict[str, float]:
    """Seconds by what is watched, and `night` for all of it, of a first night in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.gates", "--night", str(home)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"The night of {home} failed:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    found: dict[str, float] = json.loads((home / "gates.json").read_text("utf-8"))
    return found


def _night(home: Path) -> int:
    """In the child: run the night with every watched function timed; what one does within another counts once."""
    from rich.console import Console  # noqa: PLC0415

    from pipelines.command.run import run_nightly  # noqa: PLC0415
    from pipelines.settings import load_settings  # noqa: PLC0415

    spent = dict.fromkeys(WATCHED, 0.0)
    depth = 0

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            nonlocal depth
            depth += 1
            began = time.monotonic()
            try:
                return function(*given, **named)
            finally:
                depth -= 1
                spent[name] += (time.monotonic() - began) if depth == 0 else 0.0

        return called

    began = time.monotonic()
    for name, (module, function) in WATCHED.items():
        place = importlib.import_module(module)
        setattr(place, function, timed(name, getattr(place, function)))
    outcome = run_nightly(load_settings(home), Console(), as_of=AS_OF)
    spent["night"] = time.monotonic() - began
    (home / "gates.json").write_text(json.dumps(spent), encoding="utf-8")
    return 0 if outcome.success else 1


def main(words: list[str]) -> int:
    """Print the table of both homes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gates", description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--night", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.night:
        return _night(given.night)
    with tempfile.TemporaryDirectory(prefix="ucv-gates-") as folder:
        os.environ["XDG_CONFIG_HOME"] = str(Path(folder) / "config")
        small, large = Path(folder) / "small", Path(folder) / "large"
        small_home(small, given.people)
        large_home(large, given.records)
        found = {f"{given.people:,} people": measure(small), f"{given.records:,} records": measure(large)}
    print(f"| seconds in | {' | '.join(found)} |\n|---|{'---:|' * len(found)}")
    for name in [*WATCHED, "night"]:
        print(f"| {name} | {' | '.join(f'{spent[name]:.2f}' for spent in found.values())} |")
    gates = [sum(spent[name] for name in WATCHED) for spent in found.values()]
    shares = [seconds / spent["night"] for seconds, spent in zip(gates, found.values(), strict=True)]
    print(
        f"| all gates | {' | '.join(f'{s:.2f} ({share:.0%})' for s, share in zip(gates, shares, strict=True))} |"
    )
    return 0 if gates[0] <= MOST_SECONDS and shares[1] <= MOST_SHARE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
