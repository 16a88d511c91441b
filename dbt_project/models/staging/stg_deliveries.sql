select * from {{ source('raw', 'deliveries') }}
