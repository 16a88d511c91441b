-- A value that a hundredth of a source's records share, beside twenty names at least, names nobody: a birth date that a form
-- fills in, the number of a shop, the mailbox of who wrote the list. A customer of many orders has one name.
with told as (
    select
        record_id,
        'birth_date' as field,
        birth_date::varchar as value
    from {{ ref('stg_records') }}
    where birth_date is not null
    union all
    select distinct
        record_id,
        'phone' as field,
        phone_e164 as value
    from {{ ref('std_record_phones') }}
    where phone_e164 is not null
    union all
    select distinct
        record_id,
        'email' as field,
        email_match_key as value
    from {{ ref('std_record_emails') }}
    where email_match_key is not null
),

records as (
    select
        record_id,
        source_system,
        {{ value_key(name_columns()) }} as name_key
    from {{ ref('stg_records') }}
),

sizes as (
    select
        source_system,
        count(*) as source_count
    from records
    group by source_system
),

-- counted first: few values are left whose names are to be read
shared as (
    select
        records.source_system,
        told.field,
        told.value,
        count(*) as record_count,
        any_value(sizes.source_count) as source_count
    from told
    inner join records on told.record_id = records.record_id
    inner join sizes on records.source_system = sizes.source_system
    group by records.source_system, told.field, told.value
    having count(*) >= greatest(20, 0.01 * any_value(sizes.source_count))
)

select
    shared.source_system,
    shared.field,
    shared.value,
    shared.record_count,
    count(distinct names.full_key) as name_count,
    shared.record_count / shared.source_count as share
from shared
inner join told on shared.field = told.field and shared.value = told.value
inner join records on told.record_id = records.record_id and shared.source_system = records.source_system
inner join {{ ref('std_names') }} as names on records.name_key = names.name_key
group by shared.source_system, shared.field, shared.value, shared.record_count, shared.source_count
having count(distinct names.full_key) >= 20
