select * from {{ source('raw', 'goals') }}
