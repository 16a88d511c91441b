{%- set fields = [
    'display_name', 'gender', 'national_id', 'phone', 'email', 'address', 'organisation_name', 'organisation_id',
    'occupation', 'education', 'marital_status', 'income_band', 'birth_place', 'member_no',
] -%}
{#- Field -> column of a record in which its text stands as delivered. -#}
{%- set coded = ['education', 'marital_status', 'occupation'] -%}

with members as (
    select
        xref.customer_id,
        min(xref.entity_type) as entity_type,
        count(*)::integer as record_count,
        count(distinct xref.source_system)::integer as source_count,
        min(records.event_at) filter (where records.event_at::date <= {{ as_of_date() }}) as first_seen_at,
        max(records.event_at) filter (where records.event_at::date <= {{ as_of_date() }}) as last_seen_at
    from {{ ref('customer_xref') }} as xref
    inner join {{ ref('std_records') }} as records
        on xref.record_id = records.record_id
    group by xref.customer_id
),

golden as (
    select
        customer_id,
        {% for field in fields -%}
        max(value) filter (where field = '{{ field }}') as {{ field }},
        {% endfor -%}
        max(value) filter (where field = 'birth_date') as birth_date,
        max(record_id) filter (where field = 'display_name') as name_record_id,
        {% for field in coded -%}
        max(record_id) filter (where field = '{{ field }}') as {{ field }}_record_id,
        {% endfor -%}
        max(record_id) filter (where field = 'address') as address_record_id
    from {{ ref('customer_values') }}
    where is_golden
    group by customer_id
)

select
    members.customer_id,
    members.entity_type,
    {% for field in fields -%}
    {# values compete in their standardised form; the record that gave the best one says how it is written -#}
    {% if field == 'display_name' -%}
    coalesce(
        names.name_shown,
        golden.display_name,
        case when members.entity_type = 'organisation' then golden.organisation_name end
    ) as display_name,
    {% elif field == 'address' -%}
    coalesce(places.address_shown, golden.address) as address,
    {% else -%}
    golden.{{ field }},
    {% endif -%}
    {% endfor -%}
    try_cast(golden.birth_date as date) as birth_date,
    -- all parts of one name, and of one address, come from the record that gave it
    names.family_name,
    names.given_name,
    names.native_name,
    case
        when names.native_name is null
            then coalesce(
                names.name_shown,
                {{ title_case("nullif(concat_ws(' ', names.given_name, names.middle_name, names.family_name), '')") }}
            )
        else {{ title_case("nullif(concat_ws(' ', names.given_latin, names.family_latin), '')") }}
    end as latin_name,
    places.country,
    {{ shown_place('places.province') }} as province,
    {{ shown_place('places.city') }} as city,
    {{ shown_place('places.district') }} as district,
    places.address_line,
    places.postcode,
    {% for field in coded -%}
    {{ shown_code('golden.' ~ field, field ~ '_words.' ~ field, field ~ '_labels.english') }} as {{ field }}_shown,
    {% endfor -%}
    members.record_count,
    members.source_count,
    members.first_seen_at,
    members.last_seen_at
from members
left join golden on members.customer_id = golden.customer_id
left join {{ ref('std_records') }} as names on golden.name_record_id = names.record_id
left join {{ ref('std_records') }} as places on golden.address_record_id = places.record_id
{% for field in coded -%}
left join {{ ref('std_records') }} as {{ field }}_words on golden.{{ field }}_record_id = {{ field }}_words.record_id
left join {{ ref('code_labels') }} as {{ field }}_labels
    on {{ field }}_labels.code_system = '{{ field }}' and golden.{{ field }} = {{ field }}_labels.code
{% endfor -%}
