"""Every example pair of matching gets its level from delivered values on, and each condition has an example that needs it."""

from __future__ import annotations

import pytest
from example_build import ExampleBuild, Row
from specification_changes import changes, condition_changes

from pipelines.matching.examples import (
    NOT_COMPARED,
    ConditionExample,
    LevelExample,
    check_examples,
    match_examples,
)
from pipelines.matching.specification import match_specification

EXAMPLES = match_examples()
SPECIFICATION = match_specification()
CHANGES = changes(SPECIFICATION)
# These repeat what compared_when, a stronger level or the rest of the condition says already.
WITHOUT_EFFECT = {
    "national_id, masked_agrees: either_masked(national_id_is_masked) is true",
    "address, same_street: both_there(address_line) is true",
    # the same street is as like as can be: likeness(street) says it
    "premises, same_street: equal(street) is false",
    # an unknown city is not contrary and is missing: one of the two is enough; the same city is as like as can be
    "premises, same_street: not_contrary(city) is false",
    "premises, same_street: either_missing(city) is false",
    # one house: same_street, which is stronger, holds where the street is alike
    "premises, other_house: contrary(house_number) is true",
    "premises, other_house: contrary(street) is true",
    "premises, other_house: likeness(street) < $street is true",
    "premises, other_house: $street is 0.92",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> ExampleBuild:
    tmp = tmp_path_factory.mktemp("match_examples")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp / "config"))
        return ExampleBuild(tmp, [*EXAMPLES.levels, *EXAMPLES.conditions])


@pytest.fixture(scope="module")
def answers(build: ExampleBuild) -> dict[str, Row]:
    return build.answers()


def level_of(row: Row, field: str, column: str | None = None) -> str:
    number = row[f"{column or field}_level"]
    return NOT_COMPARED if number is None else SPECIFICATION.comparison(field).levels[number].name


def test_the_file_of_examples_is_whole() -> None:
    faults = check_examples()
    assert not faults, "\n".join(faults)


def test_no_example_is_read_another_way_because_of_others(build: ExampleBuild) -> None:
    assert build.turned_by_others() == [], (
        "names of these records stand in too many examples; take rarer ones"
    )


@pytest.mark.parametrize("example", [pytest.param(one, id=one.name) for one in EXAMPLES.levels])
def test_pair_gets_its_level(example: LevelExample, answers: dict[str, Row]) -> None:
    assert example.name in answers, f"{example.where}: one side is a person, the other an organisation"
    found = level_of(answers[example.name], example.field)
    assert found == example.level, (
        f"{example.where}: {example.field} of {example.a} and {example.b}: wanted {example.level}, found {found} "
        f"({example.note or 'no note'})"
    )


@pytest.mark.parametrize("example", [pytest.param(one, id=one.name) for one in EXAMPLES.conditions])
def test_condition_of_a_guard_or_fact(example: ConditionExample, answers: dict[str, Row]) -> None:
    found = answers[example.name][f"is_{example.condition}"]
    levels = {field: level_of(answers[example.name], field) for field in SPECIFICATION.fields}
    assert found == example.guarded, (
        f"{example.where}: {example.condition} of {example.a} and {example.b}: wanted {example.guarded}, found {found} "
        f"({example.note}) at levels {levels}"
    )


@pytest.fixture(scope="module")
def unnoticed(build: ExampleBuild) -> set[str]:
    """Changes of the specification under which every example keeps its level."""
    rows = build.changed(CHANGES)
    wanted = [(one, rows[one.name]) for one in EXAMPLES.levels if one.name in rows]
    return {
        change.name
        for place, change in enumerate(CHANGES)
        if all(
            level_of(row, one.field, f"change_{place}") == one.level
            for one, row in wanted
            if one.field == change.field
        )
    }


def test_every_change_of_the_specification_is_noticed(unnoticed: set[str]) -> None:
    missed = sorted(unnoticed - WITHOUT_EFFECT)
    assert not missed, (
        "No example notices:\n" + "\n".join(missed) + "\nAdd a pair that needs the condition, or drop it."
    )
    assert unnoticed == WITHOUT_EFFECT, f"noticed now: {WITHOUT_EFFECT - unnoticed}; take it off the list"


def test_every_change_of_a_guard_or_fact_is_noticed(build: ExampleBuild) -> None:
    changed = condition_changes(SPECIFICATION)
    rows = build.with_conditions(changed)
    missed = [
        change.name
        for place, change in enumerate(changed)
        if all(
            rows[one.name][f"change_{place}"] == one.guarded
            for one in EXAMPLES.conditions
            if one.condition == change.condition
        )
    ]
    assert not missed, (
        "No example notices:\n" + "\n".join(missed) + "\nAdd records that need the condition, or drop it."
    )
