select * from {{ ref('report') }} where customers = 0
