{#-
    The blocking rules: name -> SQL expression of the key over identity_profiles (null: the profile has no such key).
    Wide on purpose; a key that more than `block_cap` profiles share is a fact about the data, not a key.
-#}
{% macro blocking_rules() %}
    {{ return({
        'national_id': "case when not national_id_is_masked then national_id end",
        'full_name': "full_key",
        'native_name': "native_name",
        'full_name_year': "full_key || year(birth_date)",
        'full_name_city': "full_key || city",
        'full_name_district': "full_key || district",
        'name_sound': "family_phonetic || '-' || given_phonetic",
        'name_sound_swapped': "least(family_phonetic, given_phonetic) || '-' || greatest(family_phonetic, given_phonetic) || year(birth_date)",
        'family_birth_date': "family_phonetic || birth_date",
        'given_sound_birth_date': "given_phonetic || birth_date",
        'family_given_postcode': "family_phonetic || left(given_latin, 1) || postcode",
        'family_postcode': "family_phonetic || postcode",
        'family_month_day': "left(family_latin, 3) || strftime(birth_date, '%m%d')",
        'name_start_year': "left(family_latin, 3) || left(given_latin, 2) || year(birth_date)",
        'family_initial_city': "family_latin || left(given_latin, 1) || city",
        'given_family_start_city': "given_latin || left(family_latin, 2) || city",
        'birth_date_postcode': "birth_date || postcode",
        'birth_date_city': "birth_date || city",
        'birth_date_sex_province': "birth_date || sex || province",
        'dwelling': "address_match_key",
        'dwelling_given': "address_match_key || left(given_latin, 1)",
        'dwelling_family': "address_match_key || family_latin",
        'street_given': "street || house_number || left(given_latin, 2)",
        'postcode_birth_place': "postcode || birth_place",
        'postcode_occupation': "postcode || occupation",
        'birth_date_occupation': "birth_date || occupation",
        'given_sound_postcode': "given_phonetic || postcode",
        'given_sound_birth_place': "given_phonetic || birth_place",
        'family_sound_birth_place': "family_phonetic || birth_place",
        'birth_place_year': "birth_place || birth_date",
        'organisation': "organisation_key",
        'organisation_start_city': "left(organisation_key, 6) || city",
        'organisation_start_postcode': "left(organisation_key, 4) || postcode",
    }) }}
{% endmacro %}

{#- Rules over lists: every element is a key. -#}
{% macro blocking_list_rules() %}
    {{ return({
        'phone': "phones",
        'phone_end': "list_transform(phones, lambda phone: right(phone, 8))",
        'email': "emails",
        'mailbox': "list_transform(emails, lambda email: case when length(split_part(email, '@', 1)) > 4 then split_part(email, '@', 1) end)",
        'other_id': "other_ids",
        'root_family_year': "list_transform(given_roots, lambda root: family_latin || root || year(birth_date))",
        'root_family_city': "list_transform(given_roots, lambda root: family_phonetic || root || city)",
        'given_birth_date': "list_transform(given_roots, lambda root: root || birth_date)",
        'given_postcode': "list_transform(given_roots, lambda root: root || postcode)",
        'given_month_day': "list_transform(given_roots, lambda root: left(root, 3) || strftime(birth_date, '%m%d'))",
        'birth_place_given': "list_transform(given_roots, lambda root: birth_place || root)",
        'root_family': "list_transform(given_roots, lambda root: root || family_latin)",
        'name_start_postcode': "list_transform(name_tokens, lambda token: left(token, 3) || postcode)",
        'name_start_birth_place': "list_transform(name_tokens, lambda token: left(token, 3) || birth_place)",
        'name_token': "list_filter(name_tokens, lambda token: length(token) > 3)",
        'name_token_pair': "token_pairs",
        'name_token_year': "list_transform(list_filter(name_tokens, lambda token: length(token) > 2), lambda token: token || year(birth_date))",
    }) }}
{% endmacro %}
