with distinct_addresses as (
    select distinct
        {{ value_key(address_columns()) }} as address_key,
        {{ address_columns() | join(', ') }}
    from {{ ref('stg_records') }}
    {% for column in ['address_2', 'address_3'] %}
    union
    select
        {{ further_address_key(column) }} as address_key,
        {{ column }} as address,
        {% for part in address_columns()[1:9] -%}
        null::varchar as {{ part }},
        {% endfor -%}
        default_country
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% endfor %}
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_addresses') }} as kept_values
    semi join distinct_addresses using (address_key)
),

parsed as (
    select
        address_key,
        standardise_address({{ address_columns() | join(', ') }}) as address
    from distinct_addresses
    anti join kept using (address_key)
)

select * from kept
union all by name
select
    address_key,
    address.country as country,
    address.province as province,
    address.city as city,
    address.district as district,
    address.street as street,
    address.house_number as house_number,
    address.unit as unit,
    address.postcode as postcode,
    address.division_code,
    address.line as address_line,
    address.shown as address_shown,
    address.match_key as address_match_key,
    address.status as address_status,
    address.reason as address_reason
from parsed
