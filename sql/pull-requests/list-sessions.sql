-- Which sessions with AI belong to one pull request, by which evidence, and what did its requests in them use, the first begun first?
-- A request belongs to a pull request of its repository by its branch, or by being the author's own while the pull request was open.
WITH people AS (
  SELECT
    JSON_VALUE(identity, '$.developer') AS developer,
    JSON_VALUE(identity, '$.login') AS login
  FROM UNNEST(@identities) AS identity
),
all_pulls AS (
  SELECT
    pull.id,
    pull.author,
    pull.created_at,
    IFNULL(detail.repo_names, [LOWER(pull.repo_slug)]) AS repo_names,
    detail.branch,
    detail.base_branch,
    IF(pull.state = 'open', @today, DATE(COALESCE(pull.merged_at, detail.closed_at, pull.updated_at))) AS last_day,
    LAG(detail.closed_at) OVER (
      PARTITION BY detail.repository_id, detail.branch ORDER BY pull.created_at, pull.id
    ) AS branch_since
  FROM tenant.pull_requests AS pull
  LEFT JOIN tenant.pull_request_details AS detail
    ON detail.id = pull.id
),
named AS (
  SELECT
    all_pulls.id,
    LOWER(all_pulls.author) AS login,
    all_pulls.branch,
    all_pulls.base_branch,
    all_pulls.branch_since,
    DATE(all_pulls.created_at) AS first_day,
    all_pulls.last_day,
    repo_name
  FROM all_pulls
  CROSS JOIN UNNEST(all_pulls.repo_names) AS repo_name
  WHERE all_pulls.id = @pull_request_id
),
requests AS (
  SELECT
    request.trace_hash,
    IFNULL(request.session_id, request.trace_hash) AS session_key,
    request.timestamp,
    request.session_id,
    request.developer_id,
    request.model,
    request.event_date,
    LOWER(request.repo_slug) AS repo_name,
    detail.branch,
    IF(people.developer IS NULL, LOWER(request.developer_id), LOWER(people.login)) AS login,
    request.total_tokens,
    request.cost_usd,
    detail.book_cost_usd
  FROM tenant.sessions AS request
  LEFT JOIN tenant.session_details AS detail
    ON detail.trace_hash = request.trace_hash
    AND detail.event_date = request.event_date
  LEFT JOIN people
    ON people.developer = request.developer_id
  WHERE request.event_date BETWEEN @from_day AND @to_day
),
matched AS (
  SELECT
    requests.trace_hash,
    requests.session_key,
    requests.session_id,
    requests.developer_id,
    requests.model,
    requests.timestamp,
    requests.total_tokens,
    requests.cost_usd,
    requests.book_cost_usd,
    1 AS by_branch,
    0 AS by_time
  FROM named
  JOIN requests
    ON requests.repo_name = named.repo_name
    AND requests.branch = named.branch
  WHERE named.branch != IFNULL(named.base_branch, '')
    AND requests.timestamp > IFNULL(named.branch_since, TIMESTAMP('1970-01-01 00:00:00+00'))
    AND requests.event_date BETWEEN DATE_SUB(named.first_day, INTERVAL 30 DAY) AND named.last_day
  UNION ALL
  SELECT
    requests.trace_hash,
    requests.session_key,
    requests.session_id,
    requests.developer_id,
    requests.model,
    requests.timestamp,
    requests.total_tokens,
    requests.cost_usd,
    requests.book_cost_usd,
    0 AS by_branch,
    1 AS by_time
  FROM named
  JOIN requests
    ON requests.repo_name = named.repo_name
    AND requests.login = named.login
  WHERE requests.event_date BETWEEN named.first_day AND named.last_day
),
belonging AS (
  SELECT
    trace_hash,
    MIN(session_key) AS session_key,
    MIN(session_id) AS session_id,
    MIN(developer_id) AS developer_id,
    MIN(model) AS model,
    MIN(timestamp) AS timestamp,
    MIN(total_tokens) AS total_tokens,
    MIN(cost_usd) AS cost_usd,
    MIN(book_cost_usd) AS book_cost_usd,
    MAX(by_branch) AS by_branch,
    MAX(by_time) AS by_time
  FROM matched
  GROUP BY trace_hash
),
summed AS (
  SELECT
    session_key,
    MIN(session_id) AS session_id,
    MIN(trace_hash) AS first_hash,
    MIN(timestamp) AS first_at,
    MAX(timestamp) AS last_at,
    UNIX_MILLIS(MIN(timestamp)) AS first_ms,
    COUNT(*) AS requests,
    SUM(total_tokens) AS total_tokens,
    SUM(cost_usd) AS cost_usd,
    SUM(IFNULL(book_cost_usd, 0)) AS book_cost_usd,
    COUNTIF(book_cost_usd IS NULL) AS unpriced,
    MIN(developer_id) AS developer_id,
    COUNT(DISTINCT developer_id) AS developers,
    MIN(model) AS model,
    COUNT(DISTINCT model) AS models,
    MAX(by_branch) = 1 AS by_branch,
    MAX(by_time) = 1 AS by_time
  FROM belonging
  GROUP BY session_key
)
SELECT
  session_key,
  session_id,
  first_hash,
  first_at,
  last_at,
  first_ms,
  requests,
  total_tokens,
  cost_usd,
  book_cost_usd,
  unpriced,
  developer_id,
  developers,
  model,
  models,
  by_branch,
  by_time
FROM summed
WHERE first_ms > @after_ms
  OR (first_ms = @after_ms AND first_hash > @after_hash)
ORDER BY first_ms, first_hash
LIMIT @row_limit
