{%- set events = {
    'stg_registrations': "'registered'",
    'stg_transactions': "case when coalesce(is_return, " ~ line_amount() ~ " < 0, false) then 'returned' else 'bought' end",
    'stg_purchased_lists': "'listed'",
    'stg_interactions':
        "case when is_holdout and interaction_type = 'campaign_send' then 'held_out' else coalesce(interaction_type, 'contact') end",
    'stg_suppressions': "'suppressed'", 'stg_verifications': "'verified_' || coalesce(result, 'unknown')",
    'stg_organisations': "'organisation_status'",
} -%}

with happened as (
    {% for model, action in events.items() %}
    select
        record_id,
        kind,
        source_system,
        source_record_id,
        event_at as occurred_at,
        delivered_at,
        row_number as delivered_row,
        {{ action }} as action,
        {{ line_amount() if model == 'stg_transactions' else 'null::decimal(18, 4)' }} as amount,
        {{ 'currency' if model == 'stg_transactions' else 'null::varchar' }} as currency,
        {{ 'product_id' if model in ('stg_transactions', 'stg_interactions') else 'null::varchar' }} as product_id,
        {{ 'campaign_id' if model in ('stg_registrations', 'stg_interactions') else 'null::varchar' }} as campaign_id,
        {{ 'interaction_channel' if model == 'stg_interactions' else 'null::varchar' }} as own_channel
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    happened.record_id,
    xref.customer_id,
    (row_number() over (
        partition by xref.customer_id
        order by
            happened.occurred_at asc nulls last,
            coalesce(happened.own_channel, sources.channel) asc nulls last,
            happened.action asc,
            happened.source_system asc,
            happened.delivered_at asc,
            happened.delivered_row asc,
            happened.record_id asc
    ))::integer as event_number,
    happened.occurred_at,
    coalesce(happened.own_channel, sources.channel) as channel,
    happened.action,
    happened.kind,
    happened.source_system,
    happened.source_record_id,
    happened.amount,
    case when happened.kind = 'transaction' then coalesce(happened.currency, sources.default_currency) end as currency,
    happened.product_id,
    happened.campaign_id
from happened
inner join {{ ref('customer_xref') }} as xref on happened.record_id = xref.record_id
left join {{ ref('stg_sources') }} as sources on happened.source_system = sources.source_system
