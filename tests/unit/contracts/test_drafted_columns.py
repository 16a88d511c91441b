"""How values vote on the columns of a draft, how sure it says to be, and that it shows no value."""

from __future__ import annotations

from pathlib import Path

import pytest
from real_headers import EXPORTS, drafted

from pipelines.contracts.column_guess import DOUBTFUL, LIKELY, SURE
from pipelines.contracts.column_values import masked
from pipelines.contracts.template import written


def test_order_numbers_under_name_are_no_names_without_a_known_system(tmp_path: Path) -> None:
    rows = "".join(f"#10{n},a{n}@example.org,2026-06-0{n},1{n}.50,EUR\n" for n in range(1, 6))
    draft = drafted(tmp_path, "Name,E-Mail,Order date,Amount,Currency\n" + rows)
    assert "full_name" not in draft.mapped
    assert draft.mapped["transaction_id"].column == "Name"
    assert draft.mapped["transaction_id"].sureness == DOUBTFUL
    assert draft.key.key == ("transaction_id",)


@pytest.mark.parametrize(
    ("column", "values", "field"),
    [
        ("姓名", ["A-1", "A-2", "A-3"], "full_name"),
        ("name", ["13925554001", "13925554002", "13925554003"], "full_name"),
        ("Email", ["yes", "no", "yes"], "email"),
        ("phone", ["home", "work", "home"], "phone"),
        ("生日", ["双子座", "狮子座", "白羊座"], "birth_date"),
        ("city", ["2026-01-01", "2026-01-02", "2026-01-03"], "city"),
        ("Created", ["Kim", "Sam", "Kim"], "registered_at"),
        ("address", ["a@example.org", "b@example.org", "c@example.org"], "address"),
    ],
)
def test_values_that_deny_a_name_win(column: str, values: list[str], field: str, tmp_path: Path) -> None:
    lines = "".join(f"{n},{value},x\n" for n, value in enumerate(values, 1))
    draft = drafted(tmp_path, f"id,{column},memo\n{lines}")
    assert field not in draft.mapped
    assert (
        "its values are none" in draft.guesses.spoken_against.get(column, "") or column in draft.guesses.taken
    )
    assert f'physicalName: "{column}", logicalType: string, primaryKey' not in written("leads", draft)


def test_the_draft_says_how_sure_it_is_and_shows_three_masked_values(tmp_path: Path) -> None:
    text = "no,姓名,手机,memo,x\n1,王伟,13925554001,a,p@example.cn\n2,李娜,13925554002,b,q@example.cn\n3,赵敏,+86 139 2555 4003,c,r@example.cn\n"
    draft = drafted(tmp_path, text)
    assert draft.mapped["full_name"].sureness == SURE
    assert (draft.mapped["email"].column, draft.mapped["email"].sureness) == ("x", LIKELY)
    told = written("leads", draft)
    assert "# sure: its name and its values; values such as 某某 | 某某 | 某某" in told
    assert (
        "# sure: its name and its values; values such as 99999999999 | +99 999 9999 9999 | 99999999999"
        in told
    )
    assert "# likely: its values alone; values such as x@xxxxxxx.xx | x@xxxxxxx.xx | x@xxxxxxx.xx" in told
    assert '# not mapped: "memo"' in told
    assert "所有" not in told


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("O'Brien-7", "X'Xxxxx-9"),
        ("陈 A", "某 X"),
        ("é", "x"),
        ("7\x1b", "9?"),
        ("a" * 40, "x" * 23 + "…"),
        ("محمد", "某某某某"),
    ],
)
def test_a_mask_keeps_the_form_and_nothing_else(value: str, form: str) -> None:
    assert masked(value) == form


def test_values_deny_even_the_column_of_a_known_export(tmp_path: Path) -> None:
    text = next(export.text for export in EXPORTS if export.name == "Stripe payments")
    draft = drafted(
        tmp_path, text.replace("ida.voss@example.org", "unknown").replace("tom.hart@example.org", "none")
    )
    assert draft.export is not None
    assert "email" not in draft.mapped
    assert "its values are none" in draft.guesses.spoken_against["Customer Email"]
    one = drafted(tmp_path, "".join(text.replace("ida.voss@example.org", "unknown").splitlines(True)[:2]))
    assert "email" in one.mapped  # of one row nothing is denied


def test_a_first_line_that_is_a_person_goes_into_no_contract(tmp_path: Path) -> None:
    rows = "".join(
        f"王伟,1392555400{n},x{n}@example.cn,44098119880706123{n},2026-05-0{n + 1}\n" for n in range(6)
    )
    text = written("leads", drafted(tmp_path, rows))
    for value in ("王伟", "13925554000", "x0@example.cn", "440981198807061230", "2026-05-01"):
        assert value not in text
