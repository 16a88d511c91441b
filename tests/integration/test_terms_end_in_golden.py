"""From the day after a lease ends no published table shows what only it delivered; the next best value stands in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from exports_home import DAY, LEASE_END, signs
from small_night import night, query

from pipelines.command.export import export
from pipelines.exports.request import Request
from pipelines.settings import Settings, load_settings
from pipelines.storage.keys import load_keys

pytestmark = pytest.mark.long

REQUEST = Request("after", "everybody", "", "email", "marketing", "csv", "spring", DAY, 0.0, None)


def places(settings: Settings, value: str) -> set[str]:
    """The published tables in which a value stands, whatever the column."""
    tables = query(
        settings,
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'warehouse'",
    )
    return {
        name
        for schema, name in tables
        if query(
            settings, f"SELECT 1 FROM {schema}.{name} AS told WHERE told::VARCHAR ILIKE '%{value}%' LIMIT 1"
        )
    }


def test_a_value_of_a_lease_leaves_golden_and_exports_on_the_day_after_its_end(
    exports_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    leased, echoed, both = (signs(name)["email"] for name in ("lease_only", "lease_echo", "lease_and_web"))
    assert "customers" in places(exports_copy, leased) & places(exports_copy, echoed)
    kept = places(exports_copy, both)
    monkeypatch.setenv("DAGSTER_HOME", str(exports_copy.home / "dagster"))
    monkeypatch.setenv("UCV_HOME", str(exports_copy.home))
    for ahead, is_there in ((0, True), (1, False)):
        day = LEASE_END + timedelta(days=ahead)
        monkeypatch.setenv("UCV_AS_OF_DATE", day.isoformat())
        settings = load_settings(exports_copy.home)
        outcome, told = night(settings)
        assert outcome.success, told
        for value in (leased, echoed, signs("lease_only")["full_name"]):
            assert bool(places(settings, value)) == is_there
        assert places(settings, both) == kept
        (count,) = query(
            settings,
            "SELECT count(*) FROM customers JOIN customer_xref USING (customer_id) WHERE source_record_id = 'lease_only'",
        )
        assert count == (1,)
        outcome_of = export(
            settings, load_keys(settings), replace(REQUEST, export_id=f"after-{ahead}", day=day)
        )
        assert outcome_of.path is not None
        text = outcome_of.path.read_text("utf-8")
        assert (leased in text, both in text) == (is_there, True)
