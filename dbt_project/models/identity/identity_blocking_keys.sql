with keys as (
    {{ blocking_key_texts(ref('identity_profiles')) }}
)

select
    profile_no,
    entity_type,
    rule,
    {{ blocking_key_hash() }} as key_hash
from keys
where key_text is not null and key_text <> ''
