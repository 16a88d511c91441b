"""Faults in erasure, access and correction, and the tests that have to notice."""

from __future__ import annotations

from benchmarks.mutants.faults import Fault, faults_in

_AGAIN = "tests/integration/test_erased_redelivery.py"
_FILES = "tests/integration/test_without_rows.py"
_VERSIONS = "tests/integration/test_erasing_versions.py"
_PAGE = "tests/unit/test_access_page.py"
_DBT = "tests/integration/test_dbt_unit_tests.py"

ERASURE_FAULTS: tuple[Fault, ...] = (
    *faults_in("pipelines/privacy/claims.py",
        ("a name of the same sound is his", 'forms = ("l",) if signs.natives else ("l", "x")', 'forms = ("l", "x")', _AGAIN)),
    *faults_in("pipelines/privacy/signs.py",
        ("a name is known in one order alone", '"".join(sorted("".join(_plain(word) for word in words)))',
         '"|".join(sorted(_plain(word) for word in words))', _AGAIN)),
    *faults_in("pipelines/privacy/erased.py",
        ("his old key comes back", "if record is not None and self.has_record(contract.id, record):", "if False:", _AGAIN),
        ("the officer's word is forgotten", "if not alike or any(self._token(claim) in self._cleared for claim in naming):",
         "if not alike:", _AGAIN),
        ("every namesake waits", "any(not (_differ(births, one.births) or _differ(ids, one.national_ids)) for one in alike)",
         "bool(alike)", _AGAIN)),
    *faults_in("pipelines/command/erase.py",
        ("a killed replay is forgotten", ' and receipt.told["reason"] != REPLAYED', "", _AGAIN)),
    *faults_in("pipelines/storage/keys.py",
        ("a copy that is behind is read", "if not to_erase and is_behind(settings):", "if False:", _AGAIN)),
    *faults_in("pipelines/ingest/source.py",
        ("the same file waits in landing", "if landed.delivery_id in desk.so_far.erased_from:", "if False:", _AGAIN),
        ("a file with him waits in landing", 'if readable.erased and report.status in ("accepted", "known"):', "if False:", _AGAIN)),
    *faults_in("pipelines/ingest/claims.py",
        ("the vendor hears of the erased", "if code == RESEMBLES_REASON:", "if False:", _AGAIN)),
    *faults_in("pipelines/ingest/originals.py",
        ("a rewritten original is damage", 'manifest.get("content_sha256") or ', "", _AGAIN)),
    *faults_in("pipelines/ingest/without_rows.py",
        ("a line of JSON stays", "            if number not in rows:\n                yield line", "            yield line", _FILES)),
    *faults_in("pipelines/ingest/records.py",
        ("a row of two lines loses one", "        return taken\n", "        return taken[:1]\n", _FILES)),
    *faults_in("pipelines/ingest/workbook.py",
        ("the header counts as a row", "number += is_row and is_filled", "number += is_filled", _FILES)),
    *faults_in("pipelines/publishing/erasing.py",
        ("he stays in a household", 'if kind == "VARCHAR[]" and name.endswith(_LISTS)', "if False", _VERSIONS),
        ("he stays a successor", '_TELLS_CUSTOMER = ("customer_id", "successor_id")', '_TELLS_CUSTOMER = ("customer_id",)', _VERSIONS),
        ("a version written anew is damage", "    _tell(home, version, facts)\n", "", _VERSIONS),
        ("a mixed version stays", "if leaving.is_mixed and version != current_version(home):", "if False:", _VERSIONS)),
    *faults_in("pipelines/privacy/pages.py",
        ("a value becomes markup", "autoescape=True", "autoescape=False", _PAGE)),
    *faults_in("dbt_project/models/golden/customer_values.sql",
        ("a better source wins over a correction", "is_corrected desc, corrected_at desc nulls last, list_sum(parts) desc,", "list_sum(parts) desc,", _DBT)),
    *faults_in("dbt_project/models/staging/stg_suppressions.sql",
        ("a refusal leaves with its registration", "and not statements.consent_marketing and kept.record_id is null", "and false", _DBT),
        ("a refusal taken back stands", "where statements.recency = 1 and", "where", _DBT)),
)  # fmt: skip
