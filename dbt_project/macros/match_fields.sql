{#- The compared fields and the column that says how common the shared value is (none: the model's average holds). -#}
{% macro match_fields() %}
    {{ return({
        'family': {3: 'family_tf'},
        'given': {5: 'given_tf'},
        'full_name': {3: 'full_name_tf'},
        'birth_date': {5: 'birth_date_tf'},
        'gender': {},
        'national_id': {},
        'other_id': {},
        'phone': {2: 'phone_tf'},
        'email': {3: 'email_tf'},
        'address': {4: 'dwelling_tf', 2: 'area_tf', 1: 'city_tf'},
        'birth_place': {2: 'birth_place_tf'},
        'occupation': {1: 'occupation_tf'},
        'organisation': {2: 'organisation_tf'},
    }) }}
{% endmacro %}
