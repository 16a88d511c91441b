"""One row per customer with an order before the as-of date, when there are enough orders to fit; not published."""

import pyarrow as pa

from pipelines.predictions.lifetime_value import PREDICTION_COLUMNS, predict_lifetime_value


def model(dbt, session):
    dbt.config(materialized="table", schema="marts_work")
    days = session.sql(
        f"""
        select customer_id, ordered_at::date as day, sum(net_value)::double as value
        from ({dbt.ref("fct_orders").sql_query()})
        where customer_id is not null and not is_return and ordered_at::date <= memory.main.as_of_date()
        group by all
        order by all
        """
    ).df()
    until = session.sql("select memory.main.as_of_date()").fetchone()[0]
    found = predict_lifetime_value(days, until)
    kinds = {"customer_id": pa.string(), "is_published": pa.bool_()}
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in PREDICTION_COLUMNS])
    return pa.Table.from_pandas(found, schema=schema, preserve_index=False)
