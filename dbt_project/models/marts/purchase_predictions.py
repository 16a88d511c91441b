"""Churn and purchase propensity: back-tests, calibration, and scores of those that won; not published."""

from pipelines.predictions.events import world_of
from pipelines.predictions.outcomes import CHURN, PURCHASE, predict_outcome
from pipelines.predictions.results import Results


def model(dbt, session):
    dbt.config(materialized="table", schema="marts_work")
    orders = session.sql(
        f"select customer_id, day, value from ({dbt.ref('prediction_order_days').sql_query()})"
    )
    acts = session.sql(
        f"select customer_id, day, action from ({dbt.ref('prediction_acts').sql_query()}) where action <> 'bought'"
    )
    world = world_of(orders.to_arrow_table(), acts.to_arrow_table())
    until = session.sql("select memory.main.as_of_date()").fetchone()[0]
    results = Results()
    for asked in (CHURN, PURCHASE):
        predict_outcome(asked, world, until, results)
    return results.table()
