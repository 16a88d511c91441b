{#- The compared fields and the column that says how common the shared value is (none: the model's average holds). -#}
{% macro match_fields() %}
    {{ return({
        'family': {4: 'family_count'},
        'given': {6: 'given_count'},
        'full_name': {3: 'full_name_count'},
        'birth_date': {6: 'birth_date_count'},
        'gender': {},
        'generation': {},
        'national_id': {},
        'other_id': {},
        'phone': {2: 'phone_strangers'},
        'email': {3: 'email_strangers'},
        'address': {5: 'dwelling_count', 3: 'area_count', 2: 'city_count'},
        'birth_place': {2: 'birth_place_count'},
        'occupation': {1: 'occupation_count'},
        'organisation': {2: 'organisation_count'},
    }) }}
{% endmacro %}
