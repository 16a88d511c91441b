{#- The columns that say who a record is about, the same in every kind; identity and survivorship read nothing else. -#}
{% macro person_columns() %}
    {{ return([
        'full_name', 'family_name', 'given_name', 'middle_name', 'native_name', 'gender', 'birth_date', 'national_id',
        'national_id_country', 'passport_no', 'driver_license_no', 'phone', 'phone_2', 'phone_3', 'email', 'email_2',
        'email_3', 'address', 'address_2', 'address_3', 'house_number', 'street', 'address_line_2', 'district', 'city',
        'province', 'postcode', 'country', 'birth_place', 'occupation', 'job_title', 'education', 'marital_status',
        'income_band', 'organisation_name', 'organisation_id', 'wechat_openid', 'wechat_unionid', 'social_handle',
        'device_id', 'member_no', 'customer_ref', 'referrer_id', 'registered_at', 'updated_at', 'collected_at',
        'last_verified_at',
    ]) }}
{% endmacro %}
