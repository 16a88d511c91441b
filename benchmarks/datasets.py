"""The public data sets that the nightly job is measured on: where each lies, how it is delivered, what is true."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
"""Where the data sets lie unless `--data` says otherwise; nothing but the benchmark needs them."""

CACHE = Path(__file__).resolve().parent / ".cache"
LIFETIMES = "lifetimes==0.11.3"
_CDNOW_MEMBER = "lifetimes/datasets/CDNOW_master.txt"

Truth = Callable[[Path], pd.DataFrame]


@dataclass(frozen=True)
class Dataset:
    """One data set: `id` is also its contract and source; `truth` gives source_record_id and person_id."""

    id: str
    file: str
    missing: str
    truth: Truth | None

    def find(self, data: Path) -> Path | None:
        """Its file below `data`, or the one in the cache of this folder; None where it is in neither."""
        return next((path for path in (data / self.file, CACHE / self.file) if path.is_file()), None)

    def deliver(self, file: Path, landing: Path) -> None:
        """Put the data set into the landing folder of its source."""
        landing.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".whl":
            (landing / f"{self.id}.csv").write_text(cdnow_csv(file), encoding="utf-8")
        else:
            shutil.copy(file, landing)


def cdnow_csv(wheel: Path) -> str:
    """The purchases in the wheel as CSV text; delivered are columns of blanks with dates such as 19970101."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(_CDNOW_MEMBER).decode("ascii").splitlines()
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(line.split() for line in lines if line.strip())
    return written.getvalue()


def _cluster_column(file: Path) -> pd.DataFrame:
    frame = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file, dtype=str)
    return pd.DataFrame(
        {"source_record_id": frame["unique_id"].astype(str), "person_id": frame["cluster"].astype(str)}
    )


def _febrl_number(file: Path) -> pd.DataFrame:
    ids = pd.read_csv(file, dtype=str)["rec_id"].str.strip()
    return pd.DataFrame({"source_record_id": ids, "person_id": ids.str.extract(r"^(rec-\d+)-")[0]})


_SHARED_ONLY = "is part of the public splink data sets; give their folder with --data DIR"

DATASETS = (
    Dataset(
        "historical_figures",
        "historical_figures_with_errors_50k.parquet",
        _SHARED_ONLY,
        _cluster_column,
    ),
    Dataset("fake_1000", "fake_1000.csv", _SHARED_ONLY, _cluster_column),
    Dataset("febrl_dataset3", "febrl_dataset3.csv", _SHARED_ONLY, _febrl_number),
    Dataset(
        "cdnow",
        "Lifetimes-0.11.3-py3-none-any.whl",
        f"comes with `pip download --no-deps --dest benchmarks/.cache {LIFETIMES}`",
        None,
    ),
)
