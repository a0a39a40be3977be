-- Which tables were checked in the last 30 UTC days, what do the last results of their suites say, and how bad was each day?
-- A suite that was not run in the 8 days before the table's last check is retired and says nothing any more.
WITH checked AS (
  SELECT
    dq.target_table,
    dq.dq_result_id,
    dq.pipeline_logging_id,
    dq.executed_at,
    dq.expectations_passed,
    dq.expectations_failed,
    DATE_DIFF(@today, dq.ingestion_date, DAY) AS days_ago,
    CASE dq.overall_status WHEN 'FAIL' THEN 2 WHEN 'WARNING' THEN 1 ELSE 0 END AS severity,
    MAX(dq.executed_at) OVER (PARTITION BY dq.target_table) AS last_executed_at,
    ROW_NUMBER() OVER (
      PARTITION BY dq.target_table, dq.dq_config_id
      ORDER BY dq.executed_at DESC, dq.dq_result_id DESC
    ) AS recency
  FROM tenant.dq_results AS dq
  WHERE dq.tenant_id = @customer_id
    AND dq.ingestion_date >= DATE_SUB(@today, INTERVAL 29 DAY)
),
latest AS (
  SELECT
    target_table,
    pipeline_logging_id,
    severity,
    executed_at,
    expectations_passed,
    expectations_failed,
    ROW_NUMBER() OVER (
      PARTITION BY target_table
      ORDER BY severity DESC, executed_at DESC, dq_result_id DESC
    ) AS worst
  FROM checked
  WHERE recency = 1
    AND executed_at >= TIMESTAMP_SUB(last_executed_at, INTERVAL 192 HOUR)
),
states AS (
  SELECT
    target_table,
    MAX(severity) AS severity,
    MAX(IF(worst = 1, pipeline_logging_id, NULL)) AS run_id,
    MAX(IF(worst = 1, executed_at, NULL)) AS executed_at,
    COUNT(*) AS suites,
    SUM(expectations_passed) AS expectations_passed,
    SUM(expectations_failed) AS expectations_failed
  FROM latest
  GROUP BY target_table
),
daily AS (
  SELECT
    target_table,
    days_ago,
    MAX(severity) AS severity
  FROM checked
  GROUP BY target_table, days_ago
),
trends AS (
  SELECT
    target_table,
    ARRAY_AGG(days_ago ORDER BY days_ago DESC) AS checked_days_ago,
    ARRAY_AGG(severity ORDER BY days_ago DESC) AS day_severities
  FROM daily
  GROUP BY target_table
),
totals AS (
  SELECT
    target_table,
    COUNT(*) AS checks,
    COUNTIF(severity = 2) AS checks_failed
  FROM checked
  GROUP BY target_table
)
SELECT
  states.target_table,
  states.severity,
  states.run_id,
  states.executed_at,
  states.suites,
  states.expectations_passed,
  states.expectations_failed,
  totals.checks,
  totals.checks_failed,
  trends.checked_days_ago,
  trends.day_severities
FROM states
INNER JOIN totals
  ON totals.target_table = states.target_table
INNER JOIN trends
  ON trends.target_table = states.target_table
ORDER BY states.severity DESC, states.executed_at DESC, states.target_table
LIMIT 1000
