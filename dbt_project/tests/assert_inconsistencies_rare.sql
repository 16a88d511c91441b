{{ config(severity=var('inconsistency_severity')) }}
-- A rule between fields that much of a source breaks: its columns are mixed up, or its people are not who it says.
select
    source_system || ' breaks ' || rule as rule,
    broken_count as failures
from {{ ref('source_consistency') }}
where judged_count >= 20 and broken_share > warn_share
