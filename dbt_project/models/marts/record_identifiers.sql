{#- What joins an opt-out to everybody whom it may concern. Looked up, never published. -#}
{{ config(schema='marts_work', access='private') }}
{%- set single = {
    'national_id': 'case when not national_id_is_masked then national_id end', 'passport_no': 'passport_no',
    'driver_license_no': 'driver_license_no', 'wechat_openid': 'wechat_openid', 'wechat_unionid': 'wechat_unionid',
    'social_handle': 'social_handle', 'device_id': 'device_id',
    'member_no': "case when starts_with(member_key, 'own:') then member_key end",
} -%}
with owned as (
    select
        xref.customer_id,
        records.*
    from {{ ref('std_records') }} as records
    left join {{ ref('customer_xref') }} as xref on records.record_id = xref.record_id
)

{% for field, expression in single.items() -%}
select
    customer_id,
    record_id,
    kind,
    '{{ field }}' as field,
    {{ expression }} as value
from owned
where {{ expression }} is not null
union all
{% endfor -%}
select
    customer_id,
    record_id,
    kind,
    'phone' as field,
    unnest(phones) as value
from owned
union all
select
    customer_id,
    record_id,
    kind,
    'email' as field,
    unnest(emails) as value
from owned
