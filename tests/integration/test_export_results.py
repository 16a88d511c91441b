"""What became of an export comes back as interactions, and the campaign's lift is measured on whoever was held out."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from datetime import timedelta

import pytest
from exports_home import DAY, signs
from small_night import night, query

from pipelines.command.audience import file_contract
from pipelines.command.export import export
from pipelines.command.export_results import read_results
from pipelines.exports.request import ExportError, Request
from pipelines.settings import Settings, load_settings
from pipelines.storage.keys import load_keys

REQUEST = Request("mailing", "everybody", "", "email", "marketing", "csv", "spring", DAY, 0.4, None)


def test_the_crm_gets_the_file_that_its_contract_tells(exports_copy: Settings) -> None:
    request = replace(REQUEST, contract=file_contract(exports_copy, "crm_customers"), hold_out=0.0)
    path = export(exports_copy, load_keys(exports_copy), request).path
    assert path is not None
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    known = dict(query(exports_copy, "SELECT customer_id, customer_id FROM customers"))
    by_contact = {row["contact"]: row for row in rows}
    mine = by_contact[signs("agreed")["email"]]
    assert (mine["customer_id"] in known, mine["name"], mine["orders"]) == (
        True,
        signs("agreed")["full_name"],
        "0",
    )
    assert len(rows) == 36
    assert sum(row["customer_id"] not in known for row in rows) == 2  # decoys
    again = export(exports_copy, load_keys(exports_copy), request)
    assert again.is_repeated
    with pytest.raises(ExportError, match="another contract"):
        export(exports_copy, load_keys(exports_copy), replace(request, contract=None))


def test_results_close_the_loop_of_a_campaign(
    exports_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, keys = exports_copy, load_keys(exports_copy)
    outcome = export(home, keys, REQUEST)
    assert outcome.path is not None
    lines = [line.split(",") for line in outcome.path.read_text("utf-8").splitlines()[1:]]
    people = [line for line in lines if not line[2].endswith("@seeds.example")]
    decoy = next(line for line in lines if line[2].endswith("@seeds.example"))
    back = home.home.parent / "back.csv"
    told = [f"{people[0][0]},responded,2031-03-01 10:00:00", f"{people[1][0]},bounced,2031-03-01 09:00:00",
            f"{decoy[0]},responded,2031-03-01 10:00:00", f"{'0' * 20},bounced,2031-03-01 10:00:00"]  # fmt: skip
    back.write_text("\n".join(["recipient,event,at", *told]) + "\n", "utf-8")
    held = outcome.entry["drops"]["hold_out"]
    taken = read_results(home, keys, "mailing", [str(back)])
    assert (taken.sent, taken.held_out, taken.events, taken.unknown, taken.gone) == (
        len(people),
        held,
        2,
        2,
        0,
    )
    assert taken.stored == len(people) + held + 2
    # the same again adds nothing, and nothing of it stays in clear
    assert read_results(home, keys, "mailing", [str(back)]).stored == 0
    assert not list((home.home / "landing" / "export_results").glob("*"))
    with pytest.raises(ExportError, match="expected an export of this home"):
        read_results(home, keys, "other", [])
    monkeypatch.setenv("DAGSTER_HOME", str(home.home / "dagster"))
    monkeypatch.setenv("UCV_HOME", str(home.home))
    monkeypatch.setenv("UCV_AS_OF_DATE", (DAY + timedelta(days=1)).isoformat())
    settings = load_settings(home.home)
    ended, said = night(settings)
    assert ended.success, said
    assert query(
        settings,
        "SELECT sent_customers, responding_customers, bounce_count, holdout_customers, lift_low IS NOT NULL "
        "FROM campaign_summary WHERE campaign_id = 'spring'",
    ) == [(len(people), 1, 1, held, True)]
    # nobody became another customer by it, and what we wrote to is not ours
    assert query(settings, "SELECT count(*) FROM customers") == query(home, "SELECT count(*) FROM customers")
    (sources,) = query(
        settings,
        f"SELECT list(source_system) FROM contact_value_sources WHERE value = '{signs('lease_only')['email']}'",
    )
    assert sources == (["lease"],)
    assert os.environ["UCV_AS_OF_DATE"] != DAY.isoformat()
