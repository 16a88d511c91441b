"""The channel and hour at which customers are next met: back-tests, calibration, and choices of those that won; not published."""

from pipelines.predictions.next_contact import channels_of, hours_of, predict_choice
from pipelines.predictions.results import Results


def model(dbt, session):
    dbt.config(materialized="table", schema="marts_work")
    acts = session.sql(
        "select customer_id, day, channel, hour from "
        f"({dbt.ref('prediction_acts').sql_query()}) where action <> 'complaint'"
    ).to_arrow_table()
    until = session.sql("select memory.main.as_of_date()").fetchone()[0]
    results = Results()
    predict_choice("best_channel", channels_of(acts), until, results)
    predict_choice("best_hour", hours_of(acts), until, results)
    return results.table()
