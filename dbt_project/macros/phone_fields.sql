{#- Every phone field of every record as delivered, with the region in which a national number counts. -#}
{% macro phone_fields() %}
    {% for column in phone_columns() %}
    select
        records.record_id,
        {{ loop.index }} as field_no,
        records.{{ column }} as field_raw,
        coalesce(addresses.country, records.default_country, '') as region
    from (
        select
            record_id,
            {{ column }},
            default_country,
            {{ value_key(address_columns()) }} as address_key
        from {{ ref('stg_records') }}
    ) as records
    left join {{ ref('std_addresses') }} as addresses on records.address_key = addresses.address_key
    where records.{{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{% endmacro %}
