"""Each way in which a contract may change is judged: whether what was built with the old one would break, and why."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.contracts.change import BREAKING, COMPATIBLE, COSMETIC, Change, declared
from pipelines.contracts.changes import compare, format_changes, removed
from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract, NumberSigns

Node = dict[str, Any]

BASE = yaml.safe_load("""
apiVersion: v3.1.0
kind: DataContract
id: leased
name: Leased list
version: 1.4.0
status: active
servers:
  - {server: landing, type: local, path: "landing/leased/*.csv", format: csv}
schema:
  - name: purchased_list
    logicalType: object
    properties:
      - {name: source_record_id, physicalName: "no", logicalType: string, required: true, primaryKey: true}
      - {name: full_name, physicalName: name, logicalType: string, classification: pii}
      - {name: phone, physicalName: tel, logicalType: string}
      - {name: birth_date, physicalName: born, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy, minimum: "1920-01-01"}}
      - name: gender
        physicalName: sex
        logicalType: string
        enum: [{value: M}, {value: F}]
        customProperties: [{property: valueMap, value: {M: male, F: female}}]
slaProperties:
  - {property: frequency, value: 1, unit: m}
  - {property: retention, value: 2, unit: y}
price: {priceAmount: 0.12, priceCurrency: EUR, priceUnit: record}
customProperties:
  - {property: channel, value: publisher}
  - {property: acquisitionMode, value: lease}
  - {property: vendor, value: Press}
  - {property: validFrom, value: "2026-01-01"}
  - {property: validTo, value: "2026-12-31"}
  - {property: maxUses, value: 3}
  - {property: permittedChannels, value: [post]}
  - {property: permittedPurposes, value: [offer]}
  - {property: recipientCountries, value: [CN]}
  - {property: legalBasis, value: consent}
  - {property: originKind, value: insider}
  - {property: legalReview, value: R-1}
  - {property: defaultCountry, value: CN}
  - {property: defaultCurrency, value: CNY}
""")
GONE = object()


def load(tmp_path: Path, values: Node) -> Contract:
    path = tmp_path / "contracts" / "leased.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(values, allow_unicode=True), "utf-8")
    return load_contract(path, tmp_path)


def custom(name: str, value: object, column: str | None = None) -> Callable[[Node], None]:
    """Sets (or with GONE removes) a custom property of the contract, or of the column that fills a field."""

    def change(values: Node) -> None:
        node = values if column is None else fields(values)[column]
        node["customProperties"] = [
            one for one in node.get("customProperties", []) if one["property"] != name
        ]
        if value is not GONE:
            node["customProperties"].append({"property": name, "value": value})

    return change


def fields(values: Node) -> dict[str, Node]:
    return {column["name"]: column for column in values["schema"][0]["properties"]}


def column(field: str, **values: object) -> Callable[[Node], None]:
    """Sets keys of a column; None removes one."""

    def change(contract: Node) -> None:
        node = fields(contract)[field]
        node.update(values)
        for name in [name for name, value in values.items() if value is None]:
            del node[name]

    return change


def add(**values: object) -> Callable[[Node], None]:
    return lambda contract: contract["schema"][0]["properties"].append({"logicalType": "string", **values})


def drop(field: str) -> Callable[[Node], None]:
    return lambda contract: contract["schema"][0]["properties"].remove(fields(contract)[field])


def put(**values: object) -> Callable[[Node], None]:
    return lambda contract: contract.update(values)


def server(**values: object) -> Callable[[Node], None]:
    return lambda contract: contract["servers"][0].update(values)


def kind(name: str) -> Callable[[Node], None]:
    return lambda contract: contract["schema"][0].update(name=name)


def derived(contract: Node) -> None:
    fields(contract)["source_record_id"].update(primaryKey=False)
    custom("key", "derived")(contract)


def service(name: str, value: int) -> Callable[[Node], None]:
    return lambda contract: next(one for one in contract["slaProperties"] if one["property"] == name).update(
        value=value
    )


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return load(tmp_path_factory.mktemp("before"), BASE)


MUTATIONS: list[tuple[str, Callable[[Node], None], str, str, str]] = [
    # what is done, how, kind of change, judgement, words of the reason
    ("another kind", kind("registration"), "kind_changed", BREAKING, "of another kind"),
    ("another key", column("phone", primaryKey=True), "key_changed", BREAKING, "customer ids change"),
    ("no key", derived, "key_changed", BREAKING, "another key"),
    ("key read elsewhere", column("source_record_id", physicalName="nr"), "column_moved", BREAKING, "other keys"),
    ("field removed", drop("phone"), "field_removed", BREAKING, "no phone"),
    ("field renamed", column("phone", name="phone_2"), "field_renamed", BREAKING, "fills phone_2 instead"),
    ("field added", add(name="email", physicalName="mail"), "field_added", COMPATIBLE, "filled from now on"),
    ("read elsewhere", column("phone", physicalName="mobile"), "column_moved", COMPATIBLE, "another column"),
    ("same name, other width", column("phone", physicalName="ｔｅｌ"), "", "", ""),
    ("needed, never delivered", column("phone", required=True), "required_added", BREAKING, "came without tel"),
    ("needed, delivered", column("full_name", required=True), "required_added", COMPATIBLE, "are rejected"),
    ("new, needed, never delivered", add(name="email", physicalName="mail", required=True), "required_added", BREAKING,
     "came without mail"),
    ("not needed any more", column("source_record_id", required=False), "required_removed", COMPATIBLE, "gates watch"),
    ("class lowered", column("full_name", classification="public"), "classification_changed", BREAKING, "who may see"),
    ("class gone", column("full_name", classification=None), "classification_changed", BREAKING, "who may see"),
    ("class raised", column("full_name", classification="sensitive"), "classification_changed", COMPATIBLE, "as well"),
    ("class unknown", column("full_name", classification="C2"), "classification_changed", BREAKING, "cannot be told"),
    ("enum value gone", column("gender", enum=[{"value": "M"}]), "enum_value_removed", BREAKING, "are rejected"),
    ("enum value new", column("gender", enum=[{"value": "M"}, {"value": "F"}, {"value": "X"}]), "enum_value_added",
     COMPATIBLE, "taken from now on"),
    ("enum new", column("phone", enum=[{"value": "1"}]), "enum_closed", BREAKING, "outside the list"),
    ("enum gone", column("gender", enum=None), "enum_opened", COMPATIBLE, "every value"),
    ("target changed", custom("valueMap", {"M": "M", "F": "female"}, "gender"), "value_map_changed", BREAKING,
     "means another thing"),
    ("target gone", custom("valueMap", {"M": "male"}, "gender"), "value_map_removed", BREAKING, "means another thing"),
    ("target new", custom("valueMap", {"M": "male", "F": "female", "U": "unknown"}, "gender"), "value_map_added",
     COMPATIBLE, "not foreseen"),
    ("target new on a key", custom("valueMap", {"1": "2"}, "source_record_id"), "value_map_changed", BREAKING, "means"),
    ("month first", column("birth_date", logicalTypeOptions={"format": "MM/dd/yyyy", "minimum": "1920-01-01"}),
     "format_changed", BREAKING, "03/04"),
    ("year first", column("birth_date", logicalTypeOptions={"format": "yyyy-MM-dd", "minimum": "1920-01-01"}),
     "format_changed", COMPATIBLE, "written"),
    ("bounds narrower", column("birth_date", logicalTypeOptions={"format": "dd/MM/yyyy", "minimum": "1930-01-01"}),
     "bounds_narrowed", BREAKING, "are rejected"),
    ("bounds wider", column("birth_date", logicalTypeOptions={"format": "dd/MM/yyyy", "minimum": "1910-01-01"}),
     "bounds_widened", COMPATIBLE, "taken from now on"),
    ("leased becomes own", custom("acquisitionMode", "own"), "acquisitionMode_changed", BREAKING, "leave the terms"),
    ("another vendor", custom("vendor", "Post"), "vendor_changed", BREAKING, "another vendor's"),
    ("used earlier", custom("validFrom", "2025-01-01"), "validFrom_changed", BREAKING, "for more"),
    ("used longer", custom("validTo", "2027-12-31"), "validTo_changed", BREAKING, "longer than"),
    ("used less long", custom("validTo", "2026-06-30"), "validTo_changed", COMPATIBLE, "for less"),
    ("used more often", custom("maxUses", 4), "maxUses_changed", BREAKING, "for more"),
    ("used without limit", custom("maxUses", GONE), "maxUses_changed", BREAKING, "for more"),
    ("used less often", custom("maxUses", 1), "maxUses_changed", COMPATIBLE, "for less"),
    ("more channels", custom("permittedChannels", ["post", "sms"]), "permittedChannels_changed", BREAKING, "for more"),
    ("every channel", custom("permittedChannels", GONE), "permittedChannels_changed", BREAKING, "for more"),
    ("more purposes", custom("permittedPurposes", ["offer", "survey"]), "permittedPurposes_changed", BREAKING, "for more"),
    ("more countries", custom("recipientCountries", ["CN", "US"]), "recipientCountries_changed", BREAKING, "for more"),
    ("another ground", custom("legalBasis", "contract"), "legalBasis_changed", BREAKING, "another ground"),
    ("first licence", custom("licence", "CC-BY-4.0"), "licence_changed", COMPATIBLE, "is recorded"),
    ("review no more needed", custom("originKind", "chamber"), "originKind_changed", BREAKING, "would need none"),
    ("another price", put(price={"priceAmount": 1, "priceCurrency": "EUR", "priceUnit": "record"}), "priceAmount_changed",
     COMPATIBLE, "scorecards"),
    ("another price's currency", put(price={"priceAmount": 0.12, "priceCurrency": "USD", "priceUnit": "record"}),
     "priceCurrency_changed", BREAKING, "another currency"),
    ("another country", custom("defaultCountry", "US"), "defaultCountry_changed", BREAKING, "mean another thing"),
    ("no currency", custom("defaultCurrency", GONE), "defaultCurrency_changed", BREAKING, "mean another thing"),
    ("another channel", custom("channel", "retailer"), "channel_changed", BREAKING, "come another way"),
    ("snapshots", custom("deliveryMode", "snapshot"), "deliveryMode_changed", BREAKING, "is closed"),
    ("events", custom("deliveryMode", "events"), "deliveryMode_changed", COMPATIBLE, "another way"),
    ("kept longer", service("retention", 3), "retention_changed", BREAKING, "longer than was promised"),
    ("kept less long", service("retention", 1), "retention_changed", COMPATIBLE, "less long"),
    ("comes more often", service("frequency", 2), "frequency_hours_changed", COMPATIBLE, "late"),
    ("more trusted", custom("sourceRank", 1), "sourceRank_changed", COMPATIBLE, "wins"),
    ("more may be rejected", custom("maxQuarantineShare", 0.9), "maxQuarantineShare_changed", COMPATIBLE, "refused"),
    ("written otherwise", server(format="xlsx", path="landing/leased/*.xlsx"), "server_changed", COMPATIBLE, "checked"),
    ("retired", put(status="retired"), "status_changed", COMPATIBLE, "no more"),
    ("called otherwise", put(name="List"), "name_changed", COSMETIC, "people"),
    ("a comment in the standard's words", put(description={"purpose": "x"}), "", "", ""),
]  # fmt: skip

DELIVERED = frozenset({"no", "name", "born", "sex"})


@pytest.mark.parametrize(
    ("mutate", "expected", "severity", "words"), [pytest.param(*rest, id=name) for name, *rest in MUTATIONS]
)
def test_a_change_is_judged_and_told(
    mutate: Callable[[Node], None], expected: str, severity: str, words: str, before: Contract, tmp_path: Path
) -> None:
    values = copy.deepcopy(BASE)
    mutate(values)
    found = compare(before, load(tmp_path, values), DELIVERED)
    told = {change.kind: change for change in found}
    assert compare(before, before, DELIVERED) == ()
    if not expected:
        assert found == ()
        return
    assert told[expected].severity == severity, format_changes(found)
    assert words in told[expected].why
    assert told[expected].place in format_changes(found)
    if severity != BREAKING:
        assert [change.kind for change in found if change.severity == BREAKING] == []


def test_the_first_of_a_list_of_changes_are_the_breaking_ones(tmp_path: Path) -> None:
    values = copy.deepcopy(BASE)
    for mutate in (put(name="List"), custom("sourceRank", 1), custom("maxUses", 9)):
        mutate(values)
    found = compare(load(tmp_path, BASE), load(tmp_path, values))
    assert [change.severity for change in found] == [BREAKING, COMPATIBLE, COSMETIC]


def test_tightened_terms_harm_nobody(tmp_path: Path) -> None:
    wide, narrow = copy.deepcopy(BASE), copy.deepcopy(BASE)
    for name, value in (("permittedChannels", ["any"]), ("acquisitionMode", "purchase"), ("maxUses", GONE)):
        custom(name, value)(wide)
    custom("matchingOnly", True)(narrow)
    tightened = compare(load(tmp_path, wide), load(tmp_path, narrow))
    assert {change.severity for change in tightened} == {COMPATIBLE}, format_changes(tightened)
    loosened = compare(load(tmp_path, narrow), load(tmp_path, wide))
    assert {change.severity for change in loosened} == {BREAKING}, format_changes(loosened)


def test_a_list_without_key_is_named_by_all_its_values_so_a_new_field_names_its_rows_anew(
    tmp_path: Path,
) -> None:
    values = copy.deepcopy(BASE)
    derived(values)
    before = load(tmp_path, values)
    add(name="email", physicalName="mail")(values)
    (change,) = compare(before, load(tmp_path, values))
    assert (change.kind, change.severity) == ("field_added", BREAKING)
    assert "named by all its values" in change.why


def test_a_value_that_was_taken_as_it_is_and_is_mapped_now_means_another_thing(tmp_path: Path) -> None:
    values = copy.deepcopy(BASE)
    column("gender", enum=[{"value": "M"}, {"value": "F"}, {"value": "X"}])(values)
    before = load(tmp_path, values)
    custom("valueMap", {"M": "male", "F": "female", "X": "unknown"}, "gender")(values)
    (change,) = compare(before, load(tmp_path, values))
    assert (change.place, change.severity) == ("columns/gender/valueMap/X", BREAKING)


def with_column(contract: Contract, field: str, **values: Any) -> Contract:
    columns = [replace(one, **values) if one.field == field else one for one in contract.columns]
    return replace(contract, columns=tuple(columns))


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [("integer", "decimal", COMPATIBLE), ("date", "timestamp", COMPATIBLE), ("decimal", "integer", BREAKING),
     ("string", "date", BREAKING)],
)  # fmt: skip
def test_a_type_may_only_become_one_that_holds_its_values(
    was: str, now: str, severity: str, tmp_path: Path
) -> None:
    contract = load(tmp_path, BASE)
    found = compare(with_column(contract, "phone", type=was), with_column(contract, "phone", type=now))
    assert [(change.kind, change.severity) for change in found] == [("type_changed", severity)]


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [(NumberSigns("."), NumberSigns(","), BREAKING), (None, NumberSigns(","), COMPATIBLE),
     (NumberSigns("."), NumberSigns(".", ","), COMPATIBLE)],
)  # fmt: skip
def test_the_other_decimal_sign_makes_another_number(
    was: NumberSigns | None, now: NumberSigns, severity: str, tmp_path: Path
) -> None:
    contract = load(tmp_path, BASE)
    found = compare(
        with_column(contract, "phone", number_signs=was), with_column(contract, "phone", number_signs=now)
    )
    assert [change.severity for change in found] == [severity]


def test_filling_a_key_from_above_names_other_records_and_filling_another_column_does_not(
    tmp_path: Path,
) -> None:
    contract = load(tmp_path, BASE)
    for field, severity in (("phone", COMPATIBLE), (contract.key[0], BREAKING)):
        found = compare(contract, with_column(contract, field, fill_down="above"))
        assert [(change.kind, change.severity) for change in found] == [("fill_down_changed", severity)]


@pytest.mark.parametrize(
    ("before", "after", "major", "renewed"),
    [
        ("1.4.0", "2.0.0", True, True), ("1.4.0", "1.5.0", False, True), ("1.4.0", "1.4.1", False, False),
        ("1.4.0", "1.4.0", False, False), ("2.0.0", "1.9.0", False, False), ("v1", "v2", True, True),
        ("9.0.0", "10.0.0", True, True), ("draft", "2.0.0", False, False), ("1.0.0", "next", False, False),
    ],
)  # fmt: skip
def test_a_version_declares_what_is_meant(
    before: str, after: str, major: bool, renewed: bool, tmp_path: Path
) -> None:
    values = copy.deepcopy(BASE)
    custom("validTo", "2027-12-31")(values)
    custom("maxUses", 9)(values)
    changes = {change.kind: change for change in compare(load(tmp_path, BASE), load(tmp_path, values))}
    assert declared(changes["maxUses_changed"], before, after) is major
    assert declared(changes["validTo_changed"], before, after) is renewed


def test_an_end_without_date_is_no_renewal(tmp_path: Path) -> None:
    before = load(tmp_path, BASE)
    (change,) = compare(before, replace(before, terms=replace(before.terms, valid_to=None)))
    assert not declared(change, "1.0.0", "1.1.0")
    assert declared(change, "1.0.0", "2.0.0")


def test_a_contract_that_goes_leaves_its_records_without_terms(tmp_path: Path) -> None:
    change = removed(load(tmp_path, BASE))
    assert change.severity == BREAKING
    assert "status: retired" in change.remedy


def test_what_looks_personal_is_described_and_still_told_apart() -> None:
    one, other = (Change("p", "k", BREAKING, None, value, "w") for value in ("a@example.cn", "b@example.cn"))
    assert "example" not in one.sentence
    assert one.digest != other.digest
    long = Change("p", "k", BREAKING, ", ".join(f"value {n}" for n in range(40)), None, "w")
    assert "value 0, value 1" in long.sentence
    assert "more" in long.sentence
    assert "value 39" not in long.sentence
