{#- People whose best address is the same dwelling; a dwelling of more than 12 is a dormitory, an office or a slip. -#}
with dwellers as (
    select
        customers.customer_id,
        customers.family_name,
        records.address_match_key,
        customers.city,
        date_sub('year', customers.birth_date, {{ as_of_date() }}) as age
    from {{ ref('customers') }} as customers
    inner join {{ ref('customer_values') }} as addresses
        on customers.customer_id = addresses.customer_id and addresses.field = 'address' and addresses.is_golden
    inner join {{ ref('std_records') }} as records on addresses.record_id = records.record_id
    where
        customers.entity_type = 'person'
        and records.address_match_key is not null
        and records.house_number is not null
        and customers.address_line is not null
)

select
    'H' || upper(left(md5(dwellers.address_match_key), 13)) as household_id,
    any_value(dwellers.city order by dwellers.customer_id) as city,
    count(*)::integer as member_count,
    count(distinct dwellers.family_name)::integer as family_name_count,
    (count(*) filter (where dwellers.age < 18))::integer as child_count,
    list(dwellers.customer_id order by dwellers.customer_id) as customer_ids,
    sum(view.order_count)::integer as order_count,
    sum(view.total_value)::decimal(38, 2) as total_value,
    bool_or(view.is_suppressed) as has_suppressed_member
from dwellers
inner join {{ ref('customer_360') }} as view on dwellers.customer_id = view.customer_id
group by dwellers.address_match_key
having count(*) between 2 and 12
