"""One row per identified record: the customer_id it belongs to, and how that compares with the last published version."""

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
    return assign_customer_ids(records, dbt.source("state", "identity_assignments").df())
