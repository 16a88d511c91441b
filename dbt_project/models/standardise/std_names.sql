with distinct_names as (
    select distinct
        {{ value_key(name_columns()) }} as name_key,
        {{ name_columns() | join(', ') }}
    from {{ ref('stg_records') }}
    where coalesce({{ name_columns() | join(', ') }}) is not null
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_names') }} as kept_values
    semi join distinct_names using (name_key)
),

parsed as (
    select
        name_key,
        standardise_name({{ name_columns() | join(', ') }}) as name
    from distinct_names
    anti join kept using (name_key)
)

select * from kept
union all by name
select
    name_key,
    name.family as family_name,
    name.given as given_name,
    name.middle as middle_name,
    name.native as native_name,
    name.family_latin,
    name.given_latin,
    nickname_roots(name.given_latin) as given_roots,
    surname_variants(name.family_latin) as family_variants,
    name_phonetic(name.family_latin) as family_phonetic,
    name_phonetic(name.given_latin) as given_phonetic,
    name.full_key,
    name.tokens as name_tokens,
    name.script as name_script,
    name.honorific,
    name.suffix as name_suffix,
    name.generation as name_generation,
    name.shown as name_shown,
    name.status as name_status,
    name.reason as name_reason,
    name.organisation as organisation_raw
from parsed
