"""Faults that show with very many profiles or rows alone, and in who was sent a campaign; the tests that have to notice."""

from __future__ import annotations

from benchmarks.mutants.faults import Fault, faults_in

_LOOSE = "tests/integration/test_hot_keys.py::test_a_loose_key_makes_fewer_pairs_where_there_are_very_many_profiles"
_CARDS = "tests/unit/test_service_file.py"
_UNIT = "tests/integration/test_dbt_unit_tests.py"

SCALE_FAULTS: tuple[Fault, ...] = (
    *faults_in("dbt_project/macros/matching/block_cap.sql",
        ("no key is loose", "if one.loose -%}", "if false -%}", _LOOSE),
        ("every loose key is cut", "least({{ match_setting('block_cap') }}, {{ match_setting('loose_pairs') }} // greatest({{ profiles }}, 1))",
         "0", _LOOSE),
        ("a loose key makes nothing", "{{ match_setting('loose_cap') }},", "0,", _LOOSE)),
    *faults_in("pipelines/privacy/service_file.py",
        ("cards hold lines of others", " ORDER BY customer_id, place\")", " ORDER BY place\")",
         f"{_CARDS}::test_a_card_holds_the_rows_of_its_customer_and_of_nobody_else"),
        ("older cards do not open", 'return card if card.startswith(b"{") else zlib.decompress(card)', "return zlib.decompress(card)",
         f"{_CARDS}::test_a_card_of_an_older_version_is_read_as_it_is")),
    *faults_in("pipelines/privacy/role_files.py",
        ("a missing column is a full disk", "if isinstance(error, duckdb.BinderException | duckdb.CatalogException):", "if False:",
         "tests/unit/privacy/test_role_file_remedies.py")),
    *faults_in("dbt_project/models/marts/customer_timeline.sql",
        ("who is held out was sent it", "when is_holdout and interaction_type = 'campaign_send' then 'held_out'", "when false then ''",
         _UNIT)),
)  # fmt: skip
