"""Lifetime value: its back-test, calibration, and a score per customer who ordered before the as-of date; not published."""

from pipelines.predictions.lifetime_value import predict_lifetime_value


def model(dbt, session):
    dbt.config(materialized="table", schema="marts_work")
    days = session.sql(
        f"select customer_id, day, value from ({dbt.ref('prediction_order_days').sql_query()}) order by all"
    ).df()
    until = session.sql("select memory.main.as_of_date()").fetchone()[0]
    return predict_lifetime_value(days, until)
