"""Ingest of a large CSV beside DuckDB's own CSV to Parquet: `python -m benchmarks.ingest [ROWS] [--repeat N]`.

Both read the same file on two threads, each in a process of its own, in turn. DuckDB's is `COPY (FROM file) TO parquet`, zstd:
it sniffs types and writes them. Ours settles the encoding, hashes the file, casts as the contract says, quarantines, hashes
rows, tells duplicates in the file and against earlier deliveries, and writes encrypted rows and the encrypted original.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.registrations import chinese, western
from benchmarks.watch import watch

STAGES = {
    "pipelines.ingest.source": ("landed_file", "load_delivery", "store_delivery"),
    "pipelines.ingest.delivery": ("open_delivery", "create_latest", "_count"),
    "pipelines.ingest.writing": ("cast_odd_rows", "judge_aside"),
    "pipelines.ingest.originals": ("_seal", "keep_sealed"),
}  # fmt: skip
COLUMNS = ("no", "full_name", "phone", "email", "address", "national_id", "birth_date", "gender", "city", "registered_at", "page")  # fmt: skip
CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: big
name: Big
version: 1.0.0
status: active
servers:
  - {server: landing, type: local, path: "landing/big/*.csv", format: csv}
schema:
  - name: registration
    logicalType: object
    properties:
      - {name: source_record_id, physicalName: "no", logicalType: string, required: true, primaryKey: true}
      - {name: full_name, logicalType: string}
      - {name: phone, logicalType: string, classification: pii}
      - {name: email, logicalType: string, classification: pii}
      - {name: address, logicalType: string}
      - {name: national_id, logicalType: string, classification: pii}
      - {name: birth_date, logicalType: date}
      - {name: gender, logicalType: string}
      - {name: city, logicalType: string}
      - {name: registered_at, logicalType: timestamp, required: true}
customProperties:
  - {property: channel, value: website}
  - {property: defaultCountry, value: CN}
"""


def main(words: list[str]) -> None:
    """Print seconds and peak memory of both, their ratio, and our stages."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest", description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=1, help="medians of so many turns")
    parser.add_argument("--memory", default="4GB", help="DuckDB's memory limit in both processes")
    given = parser.parse_args(words)
    root = Path(tempfile.mkdtemp(prefix="ucv-bench-ingest-"))
    environment = {**os.environ, "XDG_CONFIG_HOME": str(root / "config"), "UCV_MEMORY_LIMIT": given.memory}
    try:
        file = root / "home" / "landing" / "big" / "big.csv"
        write_rows(file, given.rows)
        print(f"{given.rows:,} rows, {file.stat().st_size / 1e6:,.0f} MB, memory limit {given.memory}")
        took: dict[str, list[float]] = {"theirs": [], "ours": []}
        for _ in range(given.repeat):
            for name, seconds in took.items():
                shutil.rmtree(root / "home" / "raw", ignore_errors=True)
                command = [sys.executable, "-m", "benchmarks.ingest_side", name, str(root)]
                ended = watch(command, environment, root / f"{name}.log")
                if ended.code:
                    raise SystemExit(f"{name} failed:\n{ended.output[-3000:]}")
                print(f"{ended.output}{name}: peak {ended.peak_bytes / 1e9:.2f} GB")
                seconds.append(float(ended.output.rsplit("seconds ", 1)[1]))
        theirs, ours = median(took["theirs"]), median(took["ours"])
        print(f"medians: theirs {theirs:.2f} s, ours {ours:.2f} s ({given.rows / ours:,.0f} rows/s)")
        print(
            f"throughput of the ingest: {theirs / ours:.0%} of DuckDB's own CSV to Parquet (asked for: 50 %)"
        )
    finally:
        shutil.rmtree(root, ignore_errors=True)


def write_rows(file: Path, rows: int, seed: int = 7) -> None:
    """Registrations of invented people, one in 500 without its time and one in 500 delivered twice."""
    dice = random.Random(seed)
    file.parent.mkdir(parents=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
        writer.writeheader()
        for n in range(rows):
            values: dict[str, Any] = chinese(dice, n) if n % 10 < 7 else western(dice, n)
            clock = f"{n % 24:02d}:{n % 60:02d}:{n * 7 % 60:02d}"
            values |= {"no": f"R{n:09d}", "registered_at": f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d} {clock}"}
            values["page"] = f"/event/{n % 97}"
            if n % 500 == 250:
                values["registered_at"] = ""
            writer.writerow(values)
            if n % 500 == 499:
                writer.writerow(values)


if __name__ == "__main__":
    main(sys.argv[1:])
