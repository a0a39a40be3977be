-- How many expectations of one table held and how many did not on each of the last 30 UTC days on which it was checked?
SELECT
  DATE_DIFF(@today, dq.ingestion_date, DAY) AS days_ago,
  COUNT(*) AS checks,
  COUNTIF(dq.overall_status = 'FAIL') AS checks_failed,
  SUM(dq.expectations_passed) AS expectations_passed,
  SUM(dq.expectations_failed) AS expectations_failed
FROM tenant.dq_results AS dq
WHERE dq.tenant_id = @customer_id
  AND dq.ingestion_date >= DATE_SUB(@today, INTERVAL 29 DAY)
  AND dq.target_table = @target_table
GROUP BY dq.ingestion_date
ORDER BY dq.ingestion_date
