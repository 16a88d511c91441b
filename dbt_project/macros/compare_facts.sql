{#- Levels of the fields that are not names; `a` and `b` are profiles. Cheap guards stand before costly comparisons. -#}

{#- One slip of the pen: one character changed, added or lost, or two neighbours exchanged. -#}
{% macro one_slip(x, y) -%}
    (abs(length({{ x }}) - length({{ y }})) <= 1 and levenshtein({{ x }}, {{ y }}) <= 2
        and damerau_levenshtein({{ x }}, {{ y }}) = 1)
{%- endmacro %}

{#- Two parts of three agree, or all parts are a step off: a slip in copying rather than another person. -#}
{% macro near_dates() -%}
    (
        (year(a.birth_date) = year(b.birth_date))::integer + (month(a.birth_date) = month(b.birth_date))::integer
        + (day(a.birth_date) = day(b.birth_date))::integer >= 2
    )
{%- endmacro %}

{% macro birth_date_level() -%}
    case
        when a.birth_date is null or b.birth_date is null then null
        when a.birth_date = b.birth_date then 6
        when year(a.birth_date) = year(b.birth_date) and month(a.birth_date) = day(b.birth_date)
            and day(a.birth_date) = month(b.birth_date) then 5
        when {{ one_slip("strftime(a.birth_date, '%Y%m%d')", "strftime(b.birth_date, '%Y%m%d')") }} then 4
        when {{ near_dates() }} and abs(year(a.birth_date) - year(b.birth_date)) <= 10 then 3
        when abs(datediff('day', a.birth_date, b.birth_date)) <= 400 then 2
        when
            abs(year(a.birth_date) - year(b.birth_date)) between 9 and 11
            and abs(dayofyear(a.birth_date) - dayofyear(b.birth_date)) <= 31 then 2
        when abs(year(a.birth_date) - year(b.birth_date)) < 12 then 1
        else 0
    end
{%- endmacro %}

{% macro national_id_level() -%}
    case
        when a.national_id is null or b.national_id is null then null
        when a.national_id_is_masked or b.national_id_is_masked then
            case
                when length(a.national_id) = length(b.national_id)
                    and len(list_filter(
                        range(1, length(a.national_id)::integer + 1),
                        lambda i: a.national_id[i] <> b.national_id[i] and a.national_id[i] <> '*' and b.national_id[i] <> '*'
                    )) = 0 then 2
                else 0
            end
        when a.national_id = b.national_id then 3
        when {{ one_slip('a.national_id', 'b.national_id') }} then 1
        else 0
    end
{%- endmacro %}

{% macro phone_level() -%}
    case
        when length(a.phones) = 0 or length(b.phones) = 0 then null
        when list_has_any(a.phones, b.phones) then 2
        when {{ one_slip('a.phones[1]', 'b.phones[1]') }} then 1
        else 0
    end
{%- endmacro %}

{% macro email_level() -%}
    case
        when length(a.emails) = 0 or length(b.emails) = 0 then null
        when list_has_any(a.emails, b.emails) then 3
        when split_part(a.emails[1], '@', 1) = split_part(b.emails[1], '@', 1)
            and length(split_part(a.emails[1], '@', 1)) > 4 then 2
        when
            regexp_replace(a.emails[1], '[^0-9]', '', 'g') = regexp_replace(b.emails[1], '[^0-9]', '', 'g')
            and damerau_levenshtein(a.emails[1], b.emails[1]) <= 2 then 1
        else 0
    end
{%- endmacro %}

{#- Postcodes of most countries name the region first. -#}
{% macro near_postcodes() -%}
    (
        left(a.postcode, greatest(length(a.postcode) - 3, 2)) = left(b.postcode, greatest(length(b.postcode) - 3, 2))
        or {{ one_slip('a.postcode', 'b.postcode') }}
    )
{%- endmacro %}

{% macro address_level() -%}
    case
        when coalesce(a.city, a.postcode, a.address_line) is null or coalesce(b.city, b.postcode, b.address_line) is null
            then null
        when a.address_match_key = b.address_match_key then 5
        when a.street = b.street and a.house_number = b.house_number and coalesce(a.city = b.city, true) then 4
        when
            a.address_line is not null and b.address_line is not null
            and length(a.address_line) > 8 and coalesce(a.house_number = b.house_number, false)
            and jaro_winkler_similarity(a.address_line, b.address_line) >= 0.94 then 4
        when a.postcode = b.postcode then 3
        when a.district = b.district and coalesce(a.city = b.city, true) then 3
        when a.city = b.city then 2
        when {{ loosely_similar_part('a.city', 'b.city') }} then 1
        when {{ near_postcodes() }} and (a.city is null or b.city is null) then 1
        when coalesce(a.city <> b.city, a.postcode <> b.postcode) then 0
    end
{%- endmacro %}

{% macro similar_text_level(column, bound) -%}
    case
        when a.{{ column }} is null or b.{{ column }} is null then null
        when a.{{ column }} = b.{{ column }} then 2
        when jaro_winkler_similarity(a.{{ column }}, b.{{ column }}) >= {{ bound }} then 1
        when contains(a.{{ column }}, b.{{ column }}) or contains(b.{{ column }}, a.{{ column }}) then 1
        else 0
    end
{%- endmacro %}
