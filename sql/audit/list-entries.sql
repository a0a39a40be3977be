-- Which entries of the customer's audit log match the filter, newest first?
SELECT
  audit_id, sequence, occurrences, occurred_at, actor_type, actor_id, action, target_type, target_id, outcome,
  before, after, request_id, ip_prefix, user_agent
FROM customers.customer_audit_log
WHERE customer_id = @customer_id
  AND occurred_at >= @from_time
  AND occurred_at < @until_time
  AND (@actor_type = '' OR actor_type = @actor_type)
  AND (@actor_id = '' OR actor_id = @actor_id)
  AND (@action = '' OR action = @action)
  AND (@outcome = '' OR outcome = @outcome)
  AND (@target_type = '' OR target_type = @target_type)
  AND (
    NOT @is_later_page
    OR occurred_at < @after_time
    OR (occurred_at = @after_time AND sequence < @after_sequence)
  )
ORDER BY occurred_at DESC, sequence DESC
LIMIT @row_limit
