"""Vendors: what their lists brought, what is paid for them, and whom they share."""

from __future__ import annotations

from pipelines.report.blocks import COUNT, MONEY, PEOPLE, SHARE, TEXT, WORD, Block, Column, Heat, Section

_SOURCE = Column("source_system", TEXT)

SCORECARD = Block(
    "scorecard",
    """
select
    source_system,
    vendor,
    gross_names,
    rejected,
    duplicates_within,
    customers,
    already_known,
    new,
    usable_new,
    responded,
    bought,
    mean_contactability,
    advice
from vendor_scorecard
order by gross_names desc, source_system
""",
    ("vendor_scorecard",),
    (
        _SOURCE,
        Column("vendor", TEXT),
        Column("gross_names", COUNT, is_bar=True),
        Column("rejected", COUNT),
        Column("duplicates_within", COUNT),
        Column("customers", PEOPLE),
        *(
            Column(name, PEOPLE, of="customers")
            for name in ("already_known", "new", "usable_new", "responded", "bought")
        ),
        Column("mean_contactability", SHARE, of="customers"),
        Column("advice", WORD, "advice"),
    ),
)

SETTLEMENT = Block(
    "settlement",
    """
select
    source_system,
    gross_names,
    net_name_guarantee,
    payable_names,
    price,
    gross_cost,
    settled_cost,
    settlement_saving,
    new,
    bought,
    cost_per_new,
    cost_per_bought,
    new_customer_value,
    marginal_value
from vendor_scorecard
order by settled_cost desc nulls last, source_system
""",
    ("vendor_scorecard",),
    (
        _SOURCE,
        Column("gross_names", COUNT),
        Column("net_name_guarantee", SHARE),
        Column("payable_names", PEOPLE),
        Column("price", MONEY),
        Column("gross_cost", MONEY),
        Column("settled_cost", MONEY, of="payable_names"),
        Column("settlement_saving", MONEY, of="payable_names"),
        Column("new", PEOPLE),
        Column("bought", PEOPLE),
        Column("cost_per_new", MONEY, of="new"),
        Column("cost_per_bought", MONEY, of="bought"),
        Column("new_customer_value", MONEY, of="new"),
        Column("marginal_value", MONEY, of="new"),
    ),
)

OVERLAP = Block(
    "overlap",
    """
select
    source_system,
    other_source_system,
    shared_customers,
    share_of_list
from list_overlap
order by source_system, other_source_system
""",
    ("list_overlap",),
    (
        _SOURCE,
        Column("other_source_system", TEXT),
        Column("shared_customers", PEOPLE),
        Column("share_of_list", SHARE, of="shared_customers"),
    ),
    heat=Heat("source_system", "other_source_system", "share_of_list", "shared_customers"),
)

SEVERAL_LISTS = Block(
    "several_lists",
    """
select
    list_count,
    customers,
    responding_customers,
    buying_customers,
    response_rate,
    purchase_rate
from multi_list_response
order by list_count
""",
    ("multi_list_response",),
    (
        Column("list_count", COUNT),
        Column("customers", PEOPLE, is_bar=True),
        Column("responding_customers", PEOPLE, of="customers"),
        Column("buying_customers", PEOPLE, of="customers"),
        Column("response_rate", SHARE, of="customers,responding_customers"),
        Column("purchase_rate", SHARE, of="customers,buying_customers"),
    ),
)

SECTIONS = (Section("vendors", (SCORECARD, SETTLEMENT, OVERLAP, SEVERAL_LISTS)),)
