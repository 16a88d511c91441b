{%- set stages = ['new', 'usable', 'verified', 'responded', 'bought'] -%}
with delivered as (
    select
        source_system,
        -- totals and footers are no names, and no rejected ones
        sum(rows_in - coalesce(no_records, 0)) as rows_in,
        sum(quarantined - coalesce(no_records, 0)) as rejected,
        sum(duplicate) as redelivered
    from {{ ref('stg_deliveries') }}
    group by source_system
),

reasons as (
    select
        source_system,
        list(reason || ': ' || row_count order by row_count desc, reason) as reject_reasons
    from (
        select
            source_system,
            reason,
            sum(row_count) as row_count
        from {{ ref('stg_quarantine_reasons') }}
        where not coalesce(is_no_record, false)
        group by source_system, reason
    )
    group by source_system
),

-- a customer counts once per list, with its first row
members as (
    select
        source_system,
        count(*) as records,
        count(*) filter (where is_first_in_list) as customers,
        count(*) filter (where is_first_in_list and is_already_known) as already_known,
        count(*) filter (where is_first_in_list and is_unique_to_list) as unique_customers,
        count(*) filter (where is_first_in_list and not is_already_known) as new,
        count(*) filter (where is_first_in_list and is_usable) as usable,
        count(*) filter (where is_first_in_list and is_usable and not is_already_known) as usable_new,
        count(*) filter (where is_first_in_list and is_usable and has_phone) as usable_by_phone,
        count(*) filter (where is_first_in_list and is_usable and has_email) as usable_by_email,
        count(*) filter (where is_first_in_list and is_usable and has_address) as usable_by_post,
        count(*) filter (where is_first_in_list and is_verified) as verified,
        count(*) filter (where is_first_in_list and has_failed) as failed,
        count(*) filter (where is_first_in_list and has_responded) as responded,
        count(*) filter (where is_first_in_list and later_orders > 0) as bought,
        coalesce(sum(later_value) filter (where is_first_in_list and not is_already_known), 0) as new_customer_value
    from {{ ref('list_members') }}
    group by source_system
),

reach as (
    select
        members.source_system,
        avg(points.contactability) as contactability
    from {{ ref('list_members') }} as members
    inner join {{ ref('customer_contact_points') }} as points
        on members.customer_id = points.customer_id
    inner join {{ ref('customer_observations') }} as given
        on
            members.record_id = given.record_id
            and points.kind = given.field
            and points.value = given.value
    group by members.source_system
),

prices as (
    select
        terms.*,
        terms.price_amount::decimal(38, 4) * rates.rate as price
    from (select *, {{ as_of_date() }} as priced_on from {{ ref('dim_acquisition_terms') }}) as terms
    asof left join {{ ref('currency_rates') }} as rates
        on terms.price_currency = rates.currency and terms.priced_on >= rates.valid_from
),

settled as (
    select
        prices.source_system,
        prices.vendor,
        prices.vendor_type,
        prices.channel,
        prices.acquisition_mode,
        prices.net_name_guarantee,
        prices.is_in_force,
        prices.price,
        coalesce(delivered.rows_in, 0) - coalesce(delivered.redelivered, 0) as gross_names,
        coalesce(delivered.rejected, 0) as rejected,
        coalesce(delivered.redelivered, 0) as redelivered,
        reasons.reject_reasons,
        members.* exclude (source_system),
        reach.contactability,
        -- net names: what is left after our own merge/purge; the guarantee is the least that is paid for
        case
            when prices.net_name_guarantee is null
                then coalesce(delivered.rows_in, 0) - coalesce(delivered.redelivered, 0)
            else greatest(
                coalesce(members.new, 0),
                ceil((coalesce(delivered.rows_in, 0) - coalesce(delivered.redelivered, 0)) * prices.net_name_guarantee)
            )
        end as payable_names
    from prices
    left join delivered on prices.source_system = delivered.source_system
    left join reasons on prices.source_system = reasons.source_system
    left join members on prices.source_system = members.source_system
    left join reach on prices.source_system = reach.source_system
    where prices.kind = 'purchased_list'
),

costed as (
    select
        *,
        (gross_names * price)::decimal(38, 2) as gross_cost,
        (payable_names * price)::decimal(38, 2) as settled_cost
    from settled
)

select
    source_system,
    vendor,
    vendor_type,
    channel,
    acquisition_mode,
    is_in_force,
    gross_names::bigint as gross_names,
    rejected::bigint as rejected,
    coalesce(reject_reasons, []::varchar []) as reject_reasons,
    redelivered::bigint as redelivered,
    coalesce(records, 0)::integer as identified_records,
    (coalesce(records, 0) - coalesce(customers, 0))::integer as duplicates_within,
    {% for column in [
        'customers', 'already_known', 'new', 'unique_customers', 'usable', 'usable_new', 'usable_by_phone',
        'usable_by_email', 'usable_by_post', 'verified', 'failed', 'responded', 'bought',
    ] -%}
    coalesce({{ column }}, 0)::integer as {{ column }},
    {% endfor -%}
    contactability::decimal(5, 4) as mean_contactability,
    price::decimal(38, 4) as price,
    net_name_guarantee,
    payable_names::bigint as payable_names,
    gross_cost,
    settled_cost,
    (gross_cost - settled_cost)::decimal(38, 2) as settlement_saving,
    {% for stage in stages -%}
    (settled_cost / nullif({{ stage }}, 0))::decimal(38, 2) as cost_per_{{ stage }},
    {% endfor -%}
    coalesce(new_customer_value, 0)::decimal(38, 2) as new_customer_value,
    (coalesce(new_customer_value, 0) - coalesce(settled_cost, 0))::decimal(38, 2) as marginal_value,
    case
        when coalesce(records, 0) = 0 then 'no_data'
        when coalesce(new_customer_value, 0) > coalesce(settled_cost, 0) and usable_new > 0 then 'buy_again'
        when usable_new >= 0.3 * gross_names and failed <= 0.1 * customers then 'negotiate'
        else 'stop'
    end as advice,
    list_filter([
        case when rejected > 0.05 * gross_names then 'more than 5 % of the rows were rejected' end,
        case when already_known > 0.5 * customers then 'more than half of the customers were known already' end,
        case when records > 1.05 * customers then 'more than 5 % of the rows repeat a customer of the list' end,
        case when failed > 0.1 * customers then 'more than 10 % of the customers have a failed contact or check' end,
        case when usable_new < 0.3 * gross_names then 'less than 30 % of the rows are new and usable' end,
        case when not is_in_force then 'the terms are not in force' end,
        case
            when coalesce(new_customer_value, 0) > coalesce(settled_cost, 0)
                then 'new customers bought for more than the list cost'
            else 'new customers bought for less than the list cost'
        end
    ], lambda told: told is not null) as advice_reasons
from costed
