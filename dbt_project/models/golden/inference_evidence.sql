{{ config(schema='golden_work', access='private') }}
with people as (
    select *
    from {{ ref('customers') }}
    where entity_type = 'person'
),

known as (
    {% for field, expression in {
        'sex': 'gender', 'age_band': age_band('birth_date'), 'province': 'province', 'city': 'city',
    }.items() %}
    select
        customer_id,
        '{{ field }}' as field,
        {{ expression }} as value
    from people
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

traits as (
    select
        xref.customer_id,
        arg_max(records.national_id_sex, records.record_id) as id_sex,
        arg_max(records.national_id_birth_date, records.record_id) as id_birth_date,
        arg_max(left(records.national_id, 4), records.record_id)
            filter (where records.national_id_sex is not null and not records.national_id_is_masked) as id_region,
        arg_max(records.country || left(records.postcode, 4), records.record_id) as postcode_area,
        arg_max(left(records.phones[1], 10), records.record_id)
            filter (where records.phones[1] is not null) as phone_segment
    from {{ ref('customer_xref') }} as xref
    inner join {{ ref('std_records') }} as records on xref.record_id = records.record_id
    -- what was given for matching only is evidence of nothing else, and what terms no longer permit of nothing at all
    where
        records.source_system not in (
            select sources.source_system
            from {{ ref('stg_sources') }} as sources
            where sources.matching_only or sources.terms_over_on::date <= {{ as_of_date() }}
        )
    group by xref.customer_id
),

habits as (
    select
        xref.customer_id,
        mode(bought.product_category order by bought.product_category) as category,
        mode(bought.store_id order by bought.store_id) as store
    from {{ ref('stg_transactions') }} as bought
    inner join {{ ref('customer_xref') }} as xref on bought.record_id = xref.record_id
    group by xref.customer_id
),

evidence as (
    {% for field, method, is_direct, expression in [
        ('sex', 'national_id', true, 'traits.id_sex'),
        ('sex', 'given_name', false, 'lower(people.given_name)'),
        ('sex', 'last_character', false, "case when people.native_name is not null then right(people.given_name, 1) end"),
        ('age_band', 'national_id', true, age_band('traits.id_birth_date')),
        ('age_band', 'purchases', false, 'habits.category'),
        ('province', 'postcode', false, 'traits.postcode_area'),
        ('province', 'phone_segment', false, 'traits.phone_segment'),
        ('province', 'national_id', false, 'left(traits.id_region, 2)'),
        ('city', 'postcode', false, 'traits.postcode_area'),
        ('city', 'phone_segment', false, 'traits.phone_segment'),
        ('city', 'store', false, 'habits.store'),
        ('city', 'national_id', false, 'traits.id_region'),
    ] %}
    select
        people.customer_id,
        '{{ field }}' as field,
        '{{ method }}' as method,
        {{ is_direct }} as is_direct,
        {{ expression }} as evidence
    from people
    left join traits on people.customer_id = traits.customer_id  -- noqa: ST11
    left join habits on people.customer_id = habits.customer_id  -- noqa: ST11
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    evidence.*,
    known.value as known_value
from evidence
left join known on evidence.customer_id = known.customer_id and evidence.field = known.field
where evidence.evidence is not null
