-- For staff: what did each customer have and use in one month: days on each plan, runs, runs refused over the limit, API calls?
-- Days up to the last one given count. A day belongs to the plan and status at its end, so the last change of a day decides.
WITH held AS (
  SELECT
    change.customer_id,
    change.to_plan,
    change.to_status = 'TRIAL' AS in_trial,
    change.to_status IN UNNEST(@entitled) AS entitled,
    EXTRACT(DATE FROM change.changed_at) AS from_day,
    LEAD(EXTRACT(DATE FROM change.changed_at)) OVER (
      PARTITION BY change.customer_id ORDER BY change.changed_at, change.change_id
    ) AS until_day
  FROM customers.customer_subscription_changes AS change
  WHERE change.changed_at < TIMESTAMP(DATE_ADD(@last_day, INTERVAL 1 DAY))
),
spans AS (
  SELECT
    held.customer_id,
    held.to_plan,
    held.in_trial,
    held.entitled,
    held.from_day >= @first_day AS began_in_month,
    GREATEST(
      0,
      DATE_DIFF(
        IFNULL(held.until_day, DATE_ADD(@last_day, INTERVAL 1 DAY)),
        GREATEST(held.from_day, @first_day),
        DAY
      )
    ) AS days
  FROM held
),
plan_days AS (
  SELECT
    spans.customer_id,
    SUM(IF(spans.entitled AND spans.to_plan = 'STARTER', spans.days, 0)) AS starter_days,
    SUM(IF(spans.entitled AND spans.to_plan = 'PROFESSIONAL', spans.days, 0)) AS professional_days,
    SUM(IF(spans.entitled AND spans.to_plan = 'SCALE', spans.days, 0)) AS scale_days,
    SUM(IF(spans.in_trial, spans.days, 0)) AS trial_days,
    SUM(IF(spans.entitled, 0, spans.days)) AS days_without_plan,
    COUNTIF(spans.began_in_month) AS changes
  FROM spans
  GROUP BY spans.customer_id
),
used AS (
  SELECT
    usage.customer_id,
    SUM(IFNULL(usage.pipelines_run_today, 0)) AS runs,
    SUM(IFNULL(usage.pipelines_refused_today, 0)) AS runs_refused,
    SUM(IFNULL(usage.total_api_calls_today, 0)) AS api_calls
  FROM customers.customer_usage_quotas AS usage
  WHERE usage.usage_date BETWEEN @first_day AND @last_day
  GROUP BY usage.customer_id
)
SELECT
  COALESCE(plan_days.customer_id, used.customer_id) AS customer_id,
  profile.company_name,
  profile.subscription_plan,
  profile.status,
  IFNULL(plan_days.starter_days, 0) AS starter_days,
  IFNULL(plan_days.professional_days, 0) AS professional_days,
  IFNULL(plan_days.scale_days, 0) AS scale_days,
  IFNULL(plan_days.trial_days, 0) AS trial_days,
  IFNULL(plan_days.days_without_plan, 0) AS days_without_plan,
  IFNULL(plan_days.changes, 0) AS changes,
  IFNULL(used.runs, 0) AS runs,
  IFNULL(used.runs_refused, 0) AS runs_refused,
  IFNULL(used.api_calls, 0) AS api_calls
FROM plan_days
FULL OUTER JOIN used
  ON used.customer_id = plan_days.customer_id
LEFT JOIN customers.customer_profiles AS profile
  ON profile.customer_id = COALESCE(plan_days.customer_id, used.customer_id)
ORDER BY profile.company_name IS NULL, profile.company_name, customer_id
