"""Recommended products: back-tests of two models, and where one won up to five products per customer; not published."""

from pipelines.predictions.baskets import baskets_of
from pipelines.predictions.recommendations import predict_recommendations
from pipelines.predictions.results import Results


def model(dbt, session):
    dbt.config(materialized="table", schema="marts_work")
    lines = session.sql(
        f"select customer_id, order_id, day, product_id from ({dbt.ref('prediction_baskets').sql_query()})"
    ).to_arrow_table()
    until = session.sql("select memory.main.as_of_date()").fetchone()[0]
    results = Results()
    predict_recommendations(baskets_of(lines), until, results)
    return results.table()
