-- What did AI cost on the pull requests merged, closed or (while open) last changed in these UTC days, in all?
-- A request of several pull requests counts once in each cost here; shared_requests says how many these are.
WITH people AS (
  SELECT
    JSON_VALUE(identity, '$.developer') AS developer,
    JSON_VALUE(identity, '$.login') AS login
  FROM UNNEST(@identities) AS identity
),
all_pulls AS (
  SELECT
    pull.id,
    pull.number,
    pull.title,
    pull.author,
    pull.state,
    pull.created_at,
    IFNULL(detail.repo_names, [LOWER(pull.repo_slug)]) AS repo_names,
    detail.branch,
    detail.base_branch,
    DATE(COALESCE(pull.merged_at, detail.closed_at, pull.updated_at)) AS listed_day,
    IF(pull.state = 'open', @today, DATE(COALESCE(pull.merged_at, detail.closed_at, pull.updated_at))) AS last_day,
    LAG(detail.closed_at) OVER (
      PARTITION BY detail.repository_id, detail.branch ORDER BY pull.created_at, pull.id
    ) AS branch_since
  FROM tenant.pull_requests AS pull
  LEFT JOIN tenant.pull_request_details AS detail
    ON detail.id = pull.id
),
pulls AS (
  SELECT
    id,
    author,
    state,
    created_at,
    repo_names,
    branch,
    base_branch,
    last_day,
    branch_since
  FROM all_pulls
  WHERE listed_day BETWEEN @from_day AND @to_day
    AND (@state = '' OR state = @state)
    AND (@author = '' OR LOWER(IFNULL(author, '(none)')) = LOWER(@author))
    AND (@repository = '' OR LOWER(@repository) IN UNNEST(repo_names))
    AND (
      @search = ''
      OR STRPOS(LOWER(title), LOWER(@search)) > 0
      OR CAST(number AS STRING) = LTRIM(@search, '#')
    )
),
named AS (
  SELECT
    pulls.id,
    LOWER(pulls.author) AS login,
    pulls.branch,
    pulls.base_branch,
    pulls.branch_since,
    IF(pulls.state = 'merged', 1, 0) AS merged,
    DATE(pulls.created_at) AS first_day,
    pulls.last_day,
    repo_name
  FROM pulls
  CROSS JOIN UNNEST(pulls.repo_names) AS repo_name
),
requests AS (
  SELECT
    request.trace_hash,
    IFNULL(request.session_id, request.trace_hash) AS session_key,
    request.timestamp,
    request.event_date,
    LOWER(request.repo_slug) AS repo_name,
    detail.branch,
    IF(people.developer IS NULL, LOWER(request.developer_id), LOWER(people.login)) AS login,
    request.cost_usd,
    detail.book_cost_usd
  FROM tenant.sessions AS request
  LEFT JOIN tenant.session_details AS detail
    ON detail.trace_hash = request.trace_hash
    AND detail.event_date = request.event_date
  LEFT JOIN people
    ON people.developer = request.developer_id
  WHERE request.event_date BETWEEN @first_request_day AND @today
),
matched AS (
  SELECT
    named.id,
    named.merged,
    requests.trace_hash,
    requests.session_key,
    requests.cost_usd,
    requests.book_cost_usd
  FROM named
  JOIN requests
    ON requests.repo_name = named.repo_name
    AND requests.branch = named.branch
  WHERE named.branch != IFNULL(named.base_branch, '')
    AND requests.timestamp > IFNULL(named.branch_since, TIMESTAMP('1970-01-01 00:00:00+00'))
    AND requests.event_date BETWEEN DATE_SUB(named.first_day, INTERVAL 30 DAY) AND named.last_day
  UNION ALL
  SELECT
    named.id,
    named.merged,
    requests.trace_hash,
    requests.session_key,
    requests.cost_usd,
    requests.book_cost_usd
  FROM named
  JOIN requests
    ON requests.repo_name = named.repo_name
    AND requests.login = named.login
  WHERE requests.event_date BETWEEN named.first_day AND named.last_day
),
by_request AS (
  SELECT
    trace_hash,
    COUNT(DISTINCT id) AS pulls,
    MAX(merged) AS merged,
    MIN(session_key) AS session_key,
    MIN(cost_usd) AS cost_usd,
    MIN(book_cost_usd) AS book_cost_usd
  FROM matched
  GROUP BY trace_hash
),
costs AS (
  SELECT
    COUNT(*) AS requests,
    COUNT(DISTINCT session_key) AS sessions,
    COUNTIF(pulls > 1) AS shared_requests,
    SUM(merged) AS merged_requests,
    SUM(IF(merged = 1, cost_usd, 0)) AS merged_cost_usd,
    SUM(IF(merged = 1, IFNULL(book_cost_usd, 0), 0)) AS merged_book_cost_usd,
    COUNTIF(merged = 1 AND book_cost_usd IS NULL) AS merged_unpriced
  FROM by_request
),
with_ai AS (
  SELECT
    COUNT(DISTINCT id) AS pulls_with_ai,
    COUNT(DISTINCT IF(merged = 1, id, NULL)) AS merged_with_ai
  FROM matched
),
counted AS (
  SELECT
    COUNT(*) AS pulls,
    COUNTIF(state = 'merged') AS merged
  FROM pulls
)
SELECT
  counted.pulls,
  counted.merged,
  with_ai.pulls_with_ai,
  with_ai.merged_with_ai,
  costs.requests,
  costs.sessions,
  costs.shared_requests,
  IFNULL(costs.merged_requests, 0) AS merged_requests,
  IFNULL(costs.merged_cost_usd, 0) AS merged_cost_usd,
  IFNULL(costs.merged_book_cost_usd, 0) AS merged_book_cost_usd,
  costs.merged_unpriced
FROM counted
CROSS JOIN with_ai
CROSS JOIN costs
LIMIT 1
