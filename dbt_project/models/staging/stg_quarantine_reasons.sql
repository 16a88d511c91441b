select * from {{ source('raw', 'quarantine_reasons') }}
