"""Identity: from rows to customers, how many records a customer has, and what changed since the version before."""

from __future__ import annotations

from pipelines.report.blocks import (
    CHANGE,
    COUNT,
    DAY,
    NUMBER,
    TEXT,
    WORD,
    Block,
    Column,
    PublishedTables,
    Section,
)

FUNNEL = Block(
    "funnel",
    "select funnel_stage, item_count from matching_funnel order by place",
    ("matching_funnel",),
    (Column("funnel_stage", WORD, "funnel"), Column("item_count", COUNT, is_bar=True)),
)

SIZES = Block(
    "sizes",
    """
select
    case
        when record_count < 5 then record_count::varchar
        when record_count < 10 then '5-9'
        when record_count < 20 then '10-19'
        when record_count < 50 then '20-49'
        else '50+'
    end as size_class,
    count(*) as customers,
    sum(record_count) as records
from customers
group by all
order by min(record_count)
""",
    ("customers",),
    (Column("size_class", TEXT), Column("customers", COUNT, is_bar=True), Column("records", COUNT)),
)

# A record that is in both versions tells which customers of then and now are the same people.
CHANGED = Block(
    "changed",
    """
with pairs as (
    select
        now_xref.customer_id as now_id,
        old_xref.customer_id as old_id
    from customer_xref as now_xref
    full join before.golden.customer_xref as old_xref on now_xref.record_id = old_xref.record_id
),

now_ids as (
    select
        now_id,
        bool_or(old_id is not null) as has_old_records,
        now_id in (select customer_id from before.golden.customer_xref) as was_there
    from pairs
    where now_id is not null
    group by now_id
),

old_ids as (
    select
        old_id,
        bool_or(now_id is not null) as has_records,
        old_id in (select customer_id from customer_xref) as is_there
    from pairs
    where old_id is not null
    group by old_id
)

select
    (select count(*) from now_ids where not was_there and not has_old_records) as new_customers,
    (select count(*) from old_ids where not is_there and has_records) as merged_customers,
    (select count(*) from now_ids where not was_there and has_old_records) as split_customers,
    (select count(*) from old_ids where not is_there and not has_records) as gone_customers,
    (select count(*) from now_ids where was_there) as kept_customers
""",
    ("customer_xref",),
    tuple(Column(f"{name}_customers", COUNT) for name in ("new", "merged", "split", "gone", "kept")),
    is_tiles=True,
    compares=True,
)

_MEASURES = (
    ("customers", "golden", "customers", "", "count(*)"),
    ("records", "golden", "customer_xref", "", "count(*)"),
    ("sources", "golden", "source_quality", "", "count(*)"),
    ("by_phone", "marts", "customer_360", "has_phone", "count(*) filter (where has_phone)"),
    ("by_email", "marts", "customer_360", "has_email", "count(*) filter (where has_email)"),
    ("by_post", "marts", "customer_360", "has_address", "count(*) filter (where has_address)"),
    ("members", "marts", "customer_360", "is_member", "count(*) filter (where is_member)"),
    ("agreed", "marts", "customer_360", "has_marketing_consent", "count(*) filter (where has_marketing_consent)"),
    ("suppressed", "marts", "customer_360", "is_suppressed", "count(*) filter (where is_suppressed)"),
    ("orders", "marts", "fct_orders", "is_return", "count(*) filter (where not is_return)"),
    ("value", "marts", "fct_orders", "net_value", "coalesce(sum(net_value), 0)"),
)  # fmt: skip
"""Measure -> schema, table, the column that it needs, and what is asked, in both versions alike."""
_NO_MEASURE = "select 1 as place, '' as measure, 0 as before_value, 0 as now_value limit 0"


def before_and_after(tables: PublishedTables) -> Block:
    """Figures of both versions, of what both have: an older release may know less."""
    parts = [
        f"select {place} as place, '{name}' as measure, (select {asked} from before.{schema}.{table}) as before_value, "
        f"(select {asked} from {table}) as now_value"
        for place, (name, schema, table, column, asked) in enumerate(_MEASURES, start=1)
        if tables.both_have(table, column)
    ]
    told = "\nunion all\n".join(parts) or _NO_MEASURE
    return Block(
        "figures",
        f"select measure, before_value, now_value, now_value - before_value as difference\nfrom (\n{told}\n)\norder by place",
        (),
        (
            Column("measure", WORD, "measure"),
            Column("before_value", NUMBER),
            Column("now_value", NUMBER),
            Column("difference", CHANGE),
        ),
        compares=True,
    )


EVENTS = Block(
    "events",
    """
select
    "at"::date as event_on,
    event,
    count(*) as events,
    sum(record_count)::bigint as records
from customer_id_events
group by all
order by event_on desc, event
limit 30
""",
    ("customer_id_events",),
    (
        Column("event_on", DAY),
        Column("event", WORD, "event"),
        Column("events", COUNT, is_bar=True),
        Column("records", COUNT),
    ),
)


def sections(tables: PublishedTables) -> tuple[Section, ...]:
    return (
        Section("identity", (FUNNEL, SIZES)),
        Section("changes", (CHANGED, before_and_after(tables), EVENTS)),
    )
