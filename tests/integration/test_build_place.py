"""When a run may go on with a build that another began: what lies in the home must give the same, part by part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.assets.build_place import BuildPlace, begun_build, check_fit
from pipelines.assets.layers import DBT_SETS, shapes_done
from pipelines.assets.run_build import RunBuild
from pipelines.assets.run_start import RunStart
from pipelines.errors import UcvError
from pipelines.publishing.build_record import BuildRecord, read_build_record, write_build_record
from pipelines.publishing.fingerprint import Inputs, code_areas, read_inputs
from pipelines.publishing.recovery import recover
from pipelines.settings import PROJECT_ROOT, Settings

NOW, DAY = datetime(2026, 11, 2, 2, 30, tzinfo=UTC), date(2026, 11, 1)
LINES = {
    "raw club": "raw club/a.json 1 aa", "contract": "contract club.yml 1 bb", "state": "state verdicts.jsonl 1 cc",
    "code dbt_project/models/golden": "code dbt_project/models/golden dd",
    "code dbt_project/models/identity": "code dbt_project/models/identity ee",
    "code pipelines/functions": "code pipelines/functions ff", "code pipelines/quality": "code pipelines/quality gg",
}  # fmt: skip
STAGED = ("staging_models",)


def inputs(**changed: str) -> Inputs:
    return Inputs(tuple(changed.get(group, line) for group, line in LINES.items()))


def begun(home: Path, run_id: str, parts: tuple[str, ...] = STAGED) -> BuildPlace:
    record = replace(BuildRecord.begin(home, run_id, DAY, NOW, inputs()), parts=parts)
    folder = home / "warehouse" / "builds" / run_id
    folder.mkdir(parents=True)
    write_build_record(folder, record)
    return BuildPlace(folder, record)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    place = begun(tmp_path, "r1")
    assert read_build_record(place.folder) == place.record
    assert read_build_record(tmp_path) is None


@pytest.mark.parametrize(
    ("group", "is_refused"),
    [
        ("raw club", True), ("contract", True), ("state", True), ("code pipelines/functions", True),
        ("code dbt_project/models/identity", False), ("code dbt_project/models/golden", False), ("code pipelines/quality", False),
    ],
)  # fmt: skip
def test_what_shaped_a_done_part_must_be_as_it_was_and_later_models_may_be_mended(
    tmp_path: Path, group: str, is_refused: bool
) -> None:
    place = begun(tmp_path, "r1")
    check_fit(tmp_path, place, inputs(), DAY)
    now = inputs(**{group: f"{LINES[group]}x"})
    if not is_refused:
        check_fit(tmp_path, place, now)
        return
    with pytest.raises(UcvError, match=f"since then {group} changed.*Re-execute all"):
        check_fit(tmp_path, place, now)


def test_models_of_a_done_part_must_be_as_they_were(tmp_path: Path) -> None:
    place = begun(tmp_path, "r1", ("staging_models", "identity_models"))
    group = "code dbt_project/models/identity"
    with pytest.raises(UcvError, match=group):
        check_fit(tmp_path, place, inputs(**{group: f"{LINES[group]}x"}))


def test_another_day_or_another_version_since_is_refused(tmp_path: Path) -> None:
    place = begun(tmp_path, "r1")
    with pytest.raises(UcvError, match="as-of date"):
        check_fit(tmp_path, place, inputs(), date(2026, 11, 5))
    ledger = tmp_path / "state" / "identity_ledger" / "000001-v.parquet"
    ledger.parent.mkdir(parents=True)
    ledger.touch()
    with pytest.raises(UcvError, match="the published version"):
        check_fit(tmp_path, place, inputs())


def test_every_area_of_the_code_shapes_the_first_part_unless_it_is_known_not_to() -> None:
    areas = code_areas()
    later = {area for area in areas if not shapes_done(area, STAGED)}
    assert {area.removeprefix("dbt_project/models/") for area in later if "models/" in area} == {
        "identity", "golden", "marts",
    }  # fmt: skip
    assert {
        "pipelines/functions",
        "pipelines/warehouse.py",
        "dbt_project/macros",
        "dbt_project/seeds",
    } <= set(areas) - later
    every = {part.name for part in DBT_SETS}
    for area in later - {area for area in later if shapes_done(area, every)}:
        assert (PROJECT_ROOT / area).exists(), "named in layers.py and gone"


def test_groups_of_real_inputs_tell_areas_of_code_apart(tmp_path: Path) -> None:
    groups = read_inputs(Settings(home=tmp_path)).by_group()
    assert {
        "time_zone",
        "package",
        "code pipelines/identity",
        "code dbt_project/models/marts",
    } <= groups.keys()


def facts(run_id: str, *parents: str) -> RunStart:
    return RunStart(run_id, NOW, {}, parents, publishes=True)


def test_a_run_goes_on_with_the_nearest_build_of_those_it_repeats(tmp_path: Path) -> None:
    begun(tmp_path, "root")
    assert begun_build(tmp_path, ["again", "root"]) == begun_build(tmp_path, ["root"])
    begun(tmp_path, "again")
    build = RunBuild(tmp_path, facts("third", "again", "root"), None, inputs)
    assert build.folder.name == "again"
    told = build.begin_part("identity_models", is_whole=True)
    assert told is not None
    assert "done there: staging_models" in told
    build.end_part("identity_models")
    found = read_build_record(build.folder)
    assert found is not None
    assert found.parts == ("staging_models", "identity_models")


def test_a_part_that_is_made_again_is_not_done_until_it_ends(tmp_path: Path) -> None:
    begun(tmp_path, "root")
    build = RunBuild(tmp_path, facts("second", "root"), None, inputs)
    build.begin_part("staging_models", is_whole=True)
    found = read_build_record(build.folder)
    assert found is not None
    assert found.parts == ()


def test_a_build_that_is_gone_is_told_and_never_replaced_by_dev(tmp_path: Path) -> None:
    with pytest.raises(UcvError, match="which this run would go on with, is not there any more"):
        _ = RunBuild(tmp_path, facts("second", "root"), None, inputs).folder
    with pytest.raises(UcvError, match="This run has no build"):
        _ = RunBuild(tmp_path, facts("first"), None, inputs).folder


def test_cleaning_up_keeps_the_build_that_is_gone_on_with(tmp_path: Path) -> None:
    for run_id in ("old", "wanted", "newest"):
        begun(tmp_path, run_id)
    recover(Settings(home=tmp_path), keep=["wanted"])
    assert {path.name for path in (tmp_path / "warehouse" / "builds").iterdir()} == {"wanted", "newest"}
