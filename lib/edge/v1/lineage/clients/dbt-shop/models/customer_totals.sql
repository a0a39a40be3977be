select customer_id, sum(amount) as total from {{ ref('stg_orders') }} where customer_id is not null group by customer_id
