{#- A view: only the counts of identity_level_patterns read it, and most of what a pair carries plays no part in them. -#}
{{ config(materialized='view') }}
{{ compare_pairs(ref('identity_random_pairs')) }}
