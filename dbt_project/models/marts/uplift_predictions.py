"""Uplift of campaigns with a hold-out: back-tests, and rows of each campaign by decile; not published."""

import pyarrow as pa

from pipelines.predictions.results import Results
from pipelines.predictions.uplift import predict_uplift


def model(dbt, session):
    dbt.config(materialized="table", schema="marts_work")
    members = session.sql(
        "select campaign_id, customer_id, is_holdout, order_days, days_since_order, mean_value, has_bought "
        f"from ({dbt.ref('campaign_members').sql_query()})"
    ).to_arrow_table()
    results = Results()
    rows = predict_uplift(members, results)
    rows = rows.append_column("part", pa.repeat(pa.scalar("uplift"), len(rows)))
    return pa.concat_tables([results.table(), rows], promote_options="default")
