"""Who refused and then left a list that is delivered whole has not agreed: the refusal holds for the customer that stays."""

from __future__ import annotations

from pathlib import Path

from contract_texts import contract_text
from erasure_home import SHOP, WEB, sale
from exports_home import with_terms
from small_night import csv_text, deliver, night, person, query, surroundings

from pipelines.settings import load_settings
from pipelines.storage.home import create_home


def club(key: str, turn: int, consent: str) -> dict[str, str]:
    return {
        **person(turn),
        "source_record_id": key,
        "consent_marketing": consent,
        "registered_at": "2026-09-01 08:00:00",
    }


def test_a_refusal_stands_after_its_registration_left_the_list(tmp_path: Path) -> None:
    with surroundings(tmp_path):
        settings = create_home(tmp_path / "home")
        text = with_terms(
            contract_text("club", "registration", "website", WEB),
            {"deliveryMode": "snapshot", "shrinkLimit": 1},
        )
        (settings.home / "contracts" / "club.yml").write_text(text, encoding="utf-8")
        shop = contract_text("shop", "transaction", "website", SHOP)
        (settings.home / "contracts" / "shop.yml").write_text(shop, encoding="utf-8")
        people = [person(turn) for turn in range(12)]
        sales = [sale(f"s{turn}", one["full_name"], one["phone"]) for turn, one in enumerate(people)]
        deliver(settings.home, "shop", "first.csv", csv_text(SHOP, sales))
        members = [club(f"c{turn}", turn, "false" if turn == 3 else "true") for turn in range(12)]
        deliver(settings.home, "club", "first.csv", csv_text(WEB, members))
        deliver(
            settings.home, "club", "second.csv", csv_text(WEB, [*members[:3], *members[5:]]), 1_790_100_000
        )
        settings = load_settings(settings.home)
        outcome, told = night(settings)
        assert outcome.success, told
        owner = dict(query(settings, "SELECT record_id, customer_id FROM customer_xref"))  # type: ignore[arg-type]
        assert "club:c4" not in owner, "who agreed and left is gone"
        assert owner["club:c3"] == owner["shop:s3"]
        found = query(
            settings,
            "SELECT DISTINCT customer_id, purpose, said_by FROM consent_ledger WHERE verdict = 'refused' AND is_in_force",
        )
        assert (owner["shop:s3"], "marketing", "suppression") in found
        assert {one for one, *_ in found} == {owner["shop:s3"]}
