-- Which provider configs has the customer that the filters let through? There are few a customer, so the order and the pages
-- are made of the answer, together with the times that move on while runs go on.
SELECT
  config_id, config_name, provider, domain, pipeline_id, credential_id,
  source_project_id, source_dataset, source_table, notification_emails, notification_enabled,
  schedule_enabled, schedule_cron, schedule_timezone, retention_days, is_active,
  created_at, created_by, updated_at, updated_by, tags, description
FROM customers.customer_provider_configs
WHERE customer_id = @customer_id
  AND (@provider = '' OR provider = @provider)
  AND (@domain = '' OR domain = @domain)
  AND (@credential = '' OR credential_id = @credential)
  AND (@tag = '' OR @tag IN UNNEST(tags))
  AND (@state = 'all' OR is_active = (@state = 'on'))
  AND (
    @q = ''
    OR config_id = @q
    OR STRPOS(LOWER(config_name), LOWER(@q)) > 0
    OR STRPOS(LOWER(pipeline_id), LOWER(@q)) > 0
    OR STRPOS(LOWER(IFNULL(description, '')), LOWER(@q)) > 0
  )
ORDER BY config_id
LIMIT @row_limit
