"""One row per identified record: the customer_id it belongs to, and how that compares with the last published version."""

import pyarrow as pa

from pipelines.identity.ledger import assign_customer_ids


def model(dbt, session):
    dbt.config(materialized="table")
    records = session.sql(
        f"""
        select records.record_id, record_token(records.record_id) as token, clusters.cluster_no
        from ({dbt.ref("identity_records").sql_query()}) as records
        inner join ({dbt.ref("identity_clusters").sql_query()}) as clusters using (profile_no)
        """
    ).df()
    # An id that a rollback took back was never anybody else's: the same records may get it again.
    retired = (
        dbt.source("state", "identity_successors")
        .filter("reason <> 'rolled_back'")
        .project("customer_id")
        .df()
    )
    found = assign_customer_ids(
        records, dbt.source("state", "identity_assignments").df(), retired["customer_id"]
    )
    # A column without a value has no type in pandas, and what reads it needs text.
    schema = pa.schema([(name, pa.string()) for name in found.columns])
    return pa.Table.from_pandas(found, schema=schema, preserve_index=False)
