-- Which rows of customers.customer_provider_configs may the person who asks see? Those of customers they are an active member of.
-- Generated from schemas/ by `npm run generate`; change the JSON files, not this one.
CREATE OR REPLACE VIEW customers_rls.customer_provider_configs_view AS
SELECT
  source.config_id,
  source.customer_id,
  source.provider,
  source.domain,
  source.config_name,
  source.pipeline_id,
  source.credential_id,
  source.source_project_id,
  source.source_dataset,
  source.source_table,
  source.notification_emails,
  source.notification_enabled,
  source.default_parameters,
  source.pipeline_template_overrides,
  source.schedule_enabled,
  source.schedule_cron,
  source.schedule_timezone,
  source.retention_days,
  source.is_active,
  source.last_run_at,
  source.last_success_at,
  source.last_failure_at,
  source.consecutive_failures,
  source.created_at,
  source.updated_at,
  source.created_by,
  source.updated_by,
  source.tags,
  source.description
FROM customers.customer_provider_configs AS source
WHERE source.customer_id IN (
  SELECT member.customer_id
  FROM customers.customer_team_members AS member
  WHERE member.email = LOWER(SESSION_USER()) AND member.status = 'ACTIVE'
);
