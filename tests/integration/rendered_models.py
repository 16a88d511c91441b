"""The models of consent, opt-outs, terms and golden values on a few rows, without dbt: their own SQL, run in memory in a moment.

What people and sources told stands in tables named as staging and standardising name them; identity is given, since who is merged
is what a test decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import duckdb
from jinja2 import Environment

from pipelines.settings import DBT_PROJECT_DIR

_MACROS = ("survivorship.sql", "address_value.sql", "value_key.sql")
_MODELS = (
    "golden/customer_observations", "marts/suppression_scopes", "marts/record_identifiers", "marts/customer_suppressions",
    "marts/dim_purposes", "marts/consent_ledger", "marts/barred_contact_values", "marts/contact_value_sources",
    "marts/dim_acquisition_terms",
)  # fmt: skip
_TEXTS = (
    "gender", "national_id", "organisation_name", "organisation_id", "occupation", "occupation_group",
    "education_level", "marital_status_code", "income_band", "birth_place", "member_key", "province", "city",
    "district", "address_line", "house_number", "country", "postcode", "native_name", "given_name", "middle_name",
    "family_name", "passport_no", "driver_license_no", "wechat_openid", "wechat_unionid", "social_handle",
    "device_id",
)  # fmt: skip
_TABLES = f"""
CREATE TABLE std_records (record_id VARCHAR, kind VARCHAR, source_system VARCHAR, source_rank INTEGER, event_at TIMESTAMP,
    phones VARCHAR[], emails VARCHAR[], further_addresses VARCHAR[], national_id_is_masked BOOLEAN, birth_date DATE,
    {", ".join(f"{name} VARCHAR" for name in _TEXTS)});
CREATE TABLE std_record_emails (record_id VARCHAR, email_normal VARCHAR, email_match_key VARCHAR, email_status VARCHAR);
CREATE TABLE std_record_phones (record_id VARCHAR, phone_e164 VARCHAR);
CREATE TABLE stg_consents (record_id VARCHAR, source_system VARCHAR, statement_no BIGINT, is_agreed BOOLEAN, guardian_consent BOOLEAN,
    consent_purposes VARCHAR, consent_channels VARCHAR, consent_text_version VARCHAR, told_at TIMESTAMP);
CREATE TABLE stg_suppressions (record_id VARCHAR, source_system VARCHAR, reason VARCHAR, effective_at TIMESTAMP, customer_ref VARCHAR,
    scope VARCHAR, scope_value VARCHAR);
CREATE TABLE stg_interactions (record_id VARCHAR, interaction_type VARCHAR);
CREATE TABLE stg_verifications (record_id VARCHAR, result VARCHAR);
CREATE TABLE customer_xref (record_id VARCHAR, customer_id VARCHAR);
CREATE TABLE customer_id_history (customer_id VARCHAR, successor_id VARCHAR);
CREATE TABLE stg_sources (source_system VARCHAR, source_name VARCHAR, kind VARCHAR, channel VARCHAR, acquisition_mode VARCHAR, vendor VARCHAR,
    vendor_type VARCHAR, valid_from DATE, valid_to DATE, max_uses INTEGER, permitted_channels VARCHAR[], permitted_purposes VARCHAR[],
    net_name_guarantee DOUBLE, price_amount DOUBLE, price_currency VARCHAR, price_unit VARCHAR, legal_basis VARCHAR, licence VARCHAR,
    reciprocity VARCHAR, recipient_countries VARCHAR[], matching_only BOOLEAN, terms_over_on DATE);
"""
# Which value is best is not what these tests are about: every value that golden keeps reaches somebody.
_VIEW = """
CREATE SCHEMA golden; CREATE SCHEMA marts;
CREATE TABLE golden.customers AS SELECT DISTINCT customer_id, 'person' AS entity_type, NULL::VARCHAR AS display_name, NULL::VARCHAR AS address,
    DATE '1980-01-01' AS birth_date, NULL::VARCHAR AS national_id, 'CN' AS country FROM customer_xref;
CREATE TABLE golden.customer_values AS SELECT customer_id, field, value, row_number() OVER (PARTITION BY customer_id, field ORDER BY value) = 1
    AS is_golden, 1 AS value_rank, min(source_system) AS source_system FROM customer_observations GROUP BY customer_id, field, value;
CREATE TABLE golden.customer_contact_points AS SELECT customer_id, field AS kind, value, 'mobile' AS role, true AS is_usable,
    (row_number() OVER (PARTITION BY customer_id, field ORDER BY value))::INTEGER AS value_rank
    FROM golden.customer_values WHERE field IN ('phone', 'email');
CREATE TABLE marts.customer_360 AS SELECT customer_id, 0 AS order_count FROM golden.customers;
CREATE TABLE marts.customer_fatigue AS SELECT customer_id, false AS is_fatigued FROM golden.customers;
"""


class Warehouse:
    """A build in memory: fill `rows` by table, then `build` for a day."""

    def __init__(self) -> None:
        self.conn = duckdb.connect()
        self.conn.execute("ATTACH ':memory:' AS warehouse; USE warehouse")
        self.conn.execute(_TABLES)
        for seed in ("purposes", "channel_words", "evidence_effects"):
            path = DBT_PROJECT_DIR / "seeds" / f"{seed}.csv"
            self.conn.execute(f"CREATE TABLE {seed} AS SELECT * FROM read_csv('{path}', all_varchar = true)")
        self.conn.execute(
            "ALTER TABLE evidence_effects ALTER verdict TYPE INTEGER; ALTER TABLE evidence_effects ALTER confirms TYPE BOOLEAN"
        )
        self.conn.execute("ALTER TABLE evidence_effects ALTER delivers TYPE BOOLEAN")

    def add(self, table: str, **values: Any) -> None:
        """One row."""
        marks = ", ".join("?" for _ in values)
        self.conn.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values())
        )

    def build(self, day: date) -> duckdb.DuckDBPyConnection:
        """Run the models; the connection then has what exports read."""
        for model in _MODELS:
            name = model.rpartition("/")[2]
            if name == "suppression_scopes":
                self.conn.execute("CREATE TABLE customers AS SELECT DISTINCT customer_id FROM customer_xref")
            self.conn.execute(f"CREATE TABLE {name} AS {_rendered(model, day)}")
        self.conn.execute(_VIEW)
        for model in _MODELS[1:]:
            name = model.rpartition("/")[2]
            self.conn.execute(f"CREATE TABLE marts.{name} AS FROM main.{name}")
        return self.conn


def record(
    house: Warehouse,
    record_id: str,
    customer: str,
    kind: str,
    at: datetime,
    emails: Sequence[str],
    phones: Sequence[str],
) -> None:
    """A record with its mailboxes and numbers, and whose it is."""
    source = record_id.partition(":")[0]
    house.add("std_records", record_id=record_id, kind=kind, source_system=source, source_rank=3, event_at=at, phones=list(phones),
              emails=list(emails), further_addresses=[], national_id_is_masked=False)  # fmt: skip
    for email in emails:
        house.add(
            "std_record_emails",
            record_id=record_id,
            email_normal=email,
            email_match_key=email,
            email_status="valid",
        )
    for phone in phones:
        house.add("std_record_phones", record_id=record_id, phone_e164=phone)
    house.add("customer_xref", record_id=record_id, customer_id=customer)


def _rendered(model: str, day: date) -> str:
    template = _template(model)
    return str(template.render(
        ref=str, source=lambda group, name: name, config=lambda **words: "", var=lambda name: 20, as_of_date=lambda: f"DATE '{day}'",
    ))  # fmt: skip


@cache
def _template(model: str) -> Any:
    environment = Environment(extensions=["jinja2.ext.do"])
    macros = "".join((DBT_PROJECT_DIR / "macros" / name).read_text("utf-8") for name in _MACROS)
    text = (DBT_PROJECT_DIR / "models" / f"{model}.sql").read_text("utf-8")
    return environment.from_string(macros + text)
