-- For staff: which customers have one of the given statuses (document 003, "Active Customers"), the newest first?
SELECT customer_id, company_name, subscription_plan, status, created_at
FROM customers.customer_profiles
WHERE status IN UNNEST(@statuses)
ORDER BY created_at DESC, customer_id
LIMIT 1000
