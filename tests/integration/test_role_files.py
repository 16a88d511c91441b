"""Each role's file opens with its own key alone and holds what the role may see; tried for real, against the whole version."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from itertools import product
from pathlib import Path

import duckdb
import pytest

from pipelines.command.role_query import query_role, read_role_manifest
from pipelines.command.rotate import rotate
from pipelines.command.verify import verify
from pipelines.errors import SettingsError
from pipelines.privacy.column_classes import Raised, class_of
from pipelines.privacy.marketing_file import DID, WHO
from pipelines.privacy.role_files import RoleFiles
from pipelines.privacy.roles import ROLES, key_purpose, role_key
from pipelines.publishing.layout import roles_dir, version_dir
from pipelines.publishing.query import QueryError, open_reader
from pipelines.publishing.version import current_version
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import attach_database, open_connection, quote
from pipelines.storage.keys import Keys, load_keys

K = 5


@pytest.fixture
def home(exports_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    key = tmp_path / "key.json"
    shutil.copy(exports_copy.key_path, key)
    monkeypatch.setenv("UCV_KEY_FILE", str(key))
    return load_settings(exports_copy.home)


def folder(home: Settings) -> Path:
    return roles_dir(home.home, str(current_version(home.home)))


def cells(home: Settings, role: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything in a role's file, by table."""
    keys = load_keys(home)
    with open_connection(home, keys) as conn:
        attach_database(
            conn, folder(home) / f"{role}.duckdb", keys, alias="r", read_only=True, purpose=key_purpose(role)
        )
        names = conn.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'r'").fetchall()
        return {name: conn.execute(f'FROM r."{name}"').fetchall() for (name,) in names}


def telling_values(home: Settings, classes: set[str]) -> set[str]:
    """Every value of the published version whose column is of these classes."""
    found: set[str] = set()
    with open_reader(home, load_keys(home)) as conn:
        rows = conn.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'warehouse'"
        ).fetchall()
        for schema, table, column in rows:
            if class_of(table, column) in classes:
                found |= {
                    str(v)
                    for (v,) in conn.execute(f'SELECT DISTINCT "{column}" FROM {schema}."{table}"').fetchall()
                    if v
                }
    # What tokens and hashes may hold by chance is left out.
    return {one for one in found if len(one) > 3 and not re.fullmatch("[0-9a-f]{1,8}", one)}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_s_file_opens_with_its_own_key_alone(exports_master: Settings, role: str) -> None:
    keys = load_keys(exports_master)
    others = [role_key(keys, one).secret for one in ROLES if one != role]
    others += [
        keys.duckdb_key("warehouse"),
        keys.duckdb_key("parquet"),
        role_key(Keys(keys.home_id, bytes(32)), role).secret,
    ]
    path = quote(str(folder(exports_master) / f"{role}.duckdb"))
    with open_connection(exports_master, keys) as conn:
        for secret in others:
            with pytest.raises(duckdb.Error):
                conn.execute(f"ATTACH {path} AS tried (ENCRYPTION_KEY '{secret}', READ_ONLY)")
        with pytest.raises(duckdb.Error):
            conn.execute(f"ATTACH {path} AS tried (READ_ONLY)")
        conn.execute(f"ATTACH {path} AS tried (ENCRYPTION_KEY '{role_key(keys, role).secret}', READ_ONLY)")
        database = quote(str(folder(exports_master).parent / "warehouse.duckdb"))
        with pytest.raises(duckdb.Error):
            conn.execute(
                f"ATTACH {database} AS whole (ENCRYPTION_KEY '{role_key(keys, role).secret}', READ_ONLY)"
            )


def test_marketing_sees_nobody_s_name_number_or_id(exports_master: Settings) -> None:
    shown = "\n".join(repr(row) for rows in cells(exports_master, "marketing").values() for row in rows)
    told = telling_values(exports_master, {"direct", "key", "sensitive"})
    assert len(told) > 100
    assert [one for one in told if one in shown] == []


def test_each_combination_in_the_marketing_file_stands_for_k_people(exports_master: Settings) -> None:
    rows = query_role(exports_master, "marketing", f"SELECT {', '.join((*WHO, *DID))} FROM customers")
    people = [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
    assert len(people) > 30
    for columns in (WHO, DID):
        assert min(Counter(tuple(one[name] for name in columns) for one in people).values()) >= K
    for first, second in product(WHO, DID):
        pairs = Counter((one[first], one[second]) for one in people if "*" not in (one[first], one[second]))
        assert min(pairs.values(), default=K) >= K, (first, second)
    told = read_role_manifest(exports_master.home, "marketing")["anonymity"]
    assert (told["k"], told["rare_pairs"]) == (K, 0)
    assert min(told["smallest_group"].values()) >= K


def test_a_larger_k_tells_less(home: Settings) -> None:
    def hidden() -> int:
        rows = query_role(home, "marketing", f"SELECT {', '.join((*WHO, *DID))} FROM customers").rows
        return sum(one == "*" for row in rows for one in row)

    before = hidden()
    RoleFiles(home.model_copy(update={"k_anonymity": 15}), load_keys(home), {}).write(folder(home).parent)
    assert hidden() > before


def test_a_sensitive_column_of_a_contract_is_withheld_from_marketing_and_service(home: Settings) -> None:
    raised = {"amount": Raised("sensitive", "shop", "restricted"), "province": Raised("direct", "web", "pii")}
    RoleFiles(home, load_keys(home), raised).write(folder(home).parent)
    rows = query_role(home, "marketing", "SELECT DISTINCT value, province FROM customers").rows
    assert {one for row in rows for one in row} <= {"withheld", "*"}
    assert read_role_manifest(home.home, "marketing")["anonymity"]["withheld_columns"] == [
        "province",
        "value",
    ]
    columns = read_role_manifest(home.home, "service")["columns"]
    assert columns["marts.customer_timeline"]["amount"] == "sensitive, left out"
    assert columns["golden.customers"]["province"] == "direct, masked"


def test_service_opens_one_customer_whom_it_knows_and_lists_nobody(exports_master: Settings) -> None:
    with open_reader(exports_master, load_keys(exports_master)) as conn:
        customer, email = conn.execute(
            "SELECT any_value(customer_id), email FROM customers SEMI JOIN (SELECT value AS email FROM customer_contact_points "
            "GROUP BY ALL HAVING count(DISTINCT customer_id) = 1) USING (email) GROUP BY email ORDER BY ALL LIMIT 1"
        ).fetchone() or ("", "")
    for asked in (customer, email, f" {str(email).upper()} "):
        (row,) = query_role(
            exports_master, "service", "SELECT customer_id, email FROM customers", customer=asked
        ).rows
        assert row == (customer, f"{email[0]}***@{email.split('@')[1]}")
    with pytest.raises(QueryError, match="Nobody has this"):
        query_role(exports_master, "service", "FROM customers", customer="C0000000000000")
    with pytest.raises(QueryError, match="one customer at a time"):
        query_role(exports_master, "service", "FROM customers")
    shown = b"\n".join(
        one if isinstance(one, bytes) else str(one).encode()
        for rows in cells(exports_master, "service").values() for row in rows for one in row
    )  # fmt: skip
    told = telling_values(exports_master, {"direct", "key", "sensitive"})
    assert [one for one in told if one.encode() in shown] == []


def test_a_number_that_several_share_opens_no_card(exports_master: Settings) -> None:
    with open_reader(exports_master, load_keys(exports_master)) as conn:
        phone, ids = conn.execute(
            "SELECT value, list(DISTINCT customer_id ORDER BY customer_id) FROM customer_contact_points WHERE kind = 'phone' "
            "GROUP BY ALL HAVING count(DISTINCT customer_id) > 1 ORDER BY ALL LIMIT 1"
        ).fetchone() or ("", [])
    with pytest.raises(QueryError, match=f"{len(ids)} customers have it; ask for one of {', '.join(ids)}"):
        query_role(exports_master, "service", "FROM customers", customer=phone)


def test_the_officer_sees_consents_and_no_clear_contact(exports_master: Settings) -> None:
    found = cells(exports_master, "officer")
    assert found["consent_ledger"]
    shown = "\n".join(repr(row) for rows in found.values() for row in rows)
    contacts = {
        one for one in telling_values(exports_master, {"direct"}) if "@" in one or one.startswith("+")
    }
    assert len(contacts) > 20
    assert [one for one in contacts if one in shown] == []


def test_the_steward_knows_who_a_token_is(exports_master: Settings) -> None:
    tokens = {one for (one,) in query_role(exports_master, "marketing", "SELECT token FROM customers").rows}
    known = dict(
        query_role(exports_master, "steward", "SELECT token, customer_id FROM marketing_tokens").rows
    )
    assert tokens == set(known)
    people = {
        one for (one,) in query_role(exports_master, "steward", "SELECT customer_id FROM customers").rows
    }
    assert set(known.values()) == people


def test_a_key_that_was_handed_out_opens_one_role_until_keys_change(home: Settings, tmp_path: Path) -> None:
    for role in ("marketing", "officer"):
        path = tmp_path / f"{role}.key"
        path.write_text(role_key(load_keys(home), role).to_json())
        path.chmod(0o600)
    away = home.model_copy(update={"key_file": tmp_path / "nowhere"})
    assert [*query_role(away, "marketing", "SELECT 1", key_file=tmp_path / "marketing.key").rows] == [(1,)]
    with pytest.raises(SettingsError, match=r"Received the key of marketing .* expected the one of officer"):
        query_role(away, "officer", "SELECT 1", key_file=tmp_path / "marketing.key")
    forged = json.loads((tmp_path / "marketing.key").read_text()) | {"role": "officer"}
    (tmp_path / "marketing.key").write_text(json.dumps(forged))
    with pytest.raises(SettingsError, match="Received a key of officer of period 1 with print"):
        query_role(away, "officer", "SELECT 1", key_file=tmp_path / "marketing.key")
    rotate(home)
    with pytest.raises(SettingsError, match="keys changed since"):
        query_role(away, "officer", "SELECT 1", key_file=tmp_path / "officer.key")
    assert verify(home, load_keys(home), repair=False) == []
    for role in ("marketing", "officer", "steward"):
        assert [*query_role(home, role, "SELECT 1").rows] == [(1,)]
    (tmp_path / "officer.key").chmod(0o644)
    with pytest.raises(SettingsError, match="mode 0644"):
        query_role(away, "officer", "SELECT 1", key_file=tmp_path / "officer.key")


@pytest.mark.parametrize("name", ["marketing.duckdb", "steward.json"])
def test_a_changed_role_file_is_noticed(home: Settings, name: str) -> None:
    path = folder(home) / name
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    (finding,) = verify(home, load_keys(home), repair=False)
    assert f"roles/{name}" in finding.what
    version = current_version(home.home)
    (finding,) = verify(home, load_keys(home), repair=True)
    assert (finding.is_restored, current_version(home.home)) == (True, version)
    assert verify(home, load_keys(home), repair=False) == []
    assert [*query_role(home, "marketing", "SELECT 1").rows] == [(1,)]


def test_nothing_is_written_from_a_version_with_a_column_that_nobody_classified(home: Settings) -> None:
    keys = load_keys(home)
    with open_connection(home, keys) as conn:
        attach_database(
            conn, version_dir(home.home, str(current_version(home.home))) / "warehouse.duckdb", keys
        )
        conn.execute("ALTER TABLE warehouse.golden.customers ADD COLUMN shoe_size INTEGER")
    before = (folder(home) / "marketing.duckdb").read_bytes()
    with pytest.raises(SettingsError, match=r"shoe_size of the published table customers has no class"):
        RoleFiles(home, keys, {}).write(folder(home).parent)
    assert (folder(home) / "marketing.duckdb").read_bytes() == before


def test_of_a_version_that_lacks_tables_each_file_has_what_there_is(home: Settings) -> None:
    keys = load_keys(home)
    lost = (
        "golden.customer_contact_points",
        "marts.customer_rfm",
        "marts.customer_360",
        "marts.list_overlap",
    )
    with open_connection(home, keys) as conn:
        attach_database(
            conn, version_dir(home.home, str(current_version(home.home))) / "warehouse.duckdb", keys
        )
        (people,) = conn.execute("SELECT count(*) FROM warehouse.golden.customers").fetchone() or (0,)
        for table in lost:
            conn.execute(f"DROP TABLE warehouse.{table}")
    RoleFiles(home, keys, {}).write(folder(home).parent)
    missing = {role: read_role_manifest(home.home, role)["missing"] for role in ROLES}
    assert missing == {
        "marketing": ["marts.customer_360", "marts.customer_rfm", "marts.list_overlap"],
        "service": ["golden.customer_contact_points"],
        "steward": ["marts.customer_360"],
        "officer": ["golden.customer_contact_points"],
    }
    rows = [*query_role(home, "marketing", "SELECT token, city, rfm FROM customers").rows]
    assert len({token for token, *_ in rows}) == people
    assert {one for _, *seen in rows for one in seen} <= {"unknown", "*"}
    ((customer,),) = query_role(home, "steward", "SELECT min(customer_id) FROM customers").rows
    asked = query_role(home, "service", "SELECT customer_id FROM customers", customer=customer)
    assert [*asked.rows] == [(customer,)]
