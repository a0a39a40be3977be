-- How many runs and data-quality checks did the customer have in the last 7 days, today included, and how many failed?
SELECT
  (
    SELECT COUNT(*)
    FROM tenant.pipeline_runs AS run
    WHERE run.tenant_id = @customer_id
      AND run.start_time >= TIMESTAMP(DATE_SUB(@today, INTERVAL 6 DAY))
  ) AS runs,
  (
    SELECT COUNT(*)
    FROM tenant.pipeline_runs AS run
    WHERE run.tenant_id = @customer_id
      AND run.start_time >= TIMESTAMP(DATE_SUB(@today, INTERVAL 6 DAY))
      AND run.status = 'FAILED'
      AND NOT STARTS_WITH(COALESCE(run.error_message, ''), 'cancelled: ')
  ) AS runs_failed,
  (
    SELECT COUNT(*)
    FROM tenant.dq_results AS dq
    WHERE dq.tenant_id = @customer_id
      AND dq.ingestion_date >= DATE_SUB(@today, INTERVAL 6 DAY)
  ) AS checks,
  (
    SELECT COUNT(*)
    FROM tenant.dq_results AS dq
    WHERE dq.tenant_id = @customer_id
      AND dq.ingestion_date >= DATE_SUB(@today, INTERVAL 6 DAY)
      AND dq.overall_status = 'FAIL'
  ) AS checks_failed
