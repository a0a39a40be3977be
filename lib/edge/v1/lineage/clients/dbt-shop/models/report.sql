select count(*) as customers, sum(total) as total from {{ ref('customer_totals') }}
