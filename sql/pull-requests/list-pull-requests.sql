-- Which pull requests were merged, closed or (while open) last changed in these UTC days, and what did AI cost on each?
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
    pull.number,
    pull.title,
    pull.author,
    pull.state,
    pull.created_at,
    pull.merged_at,
    pull.updated_at,
    pull.repo_slug,
    IFNULL(detail.repo_names, [LOWER(pull.repo_slug)]) AS repo_names,
    detail.branch,
    detail.base_branch,
    IFNULL(detail.is_draft, FALSE) AS is_draft,
    IFNULL(detail.commit_count, 0) AS commit_count,
    detail.co_authors,
    detail.closed_at,
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
    number,
    title,
    author,
    state,
    created_at,
    merged_at,
    updated_at,
    repo_slug,
    repo_names,
    branch,
    base_branch,
    is_draft,
    commit_count,
    co_authors,
    closed_at,
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
    request.total_tokens,
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
    requests.trace_hash,
    requests.session_key,
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
    named.id,
    requests.trace_hash,
    requests.session_key,
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
    id,
    trace_hash,
    MIN(session_key) AS session_key,
    MIN(total_tokens) AS total_tokens,
    MIN(cost_usd) AS cost_usd,
    MIN(book_cost_usd) AS book_cost_usd,
    MAX(by_branch) AS by_branch,
    MAX(by_time) AS by_time
  FROM matched
  GROUP BY id, trace_hash
),
summed AS (
  SELECT
    id,
    COUNT(DISTINCT session_key) AS sessions,
    COUNT(*) AS requests,
    SUM(total_tokens) AS total_tokens,
    SUM(cost_usd) AS cost_usd,
    SUM(IFNULL(book_cost_usd, 0)) AS book_cost_usd,
    COUNTIF(book_cost_usd IS NULL) AS unpriced,
    COUNT(DISTINCT IF(by_branch = 1, session_key, NULL)) AS sessions_by_branch,
    COUNT(DISTINCT IF(by_time = 1, session_key, NULL)) AS sessions_by_time
  FROM belonging
  GROUP BY id
),
placed AS (
  SELECT
    pulls.id,
    pulls.number,
    pulls.title,
    pulls.author,
    pulls.state,
    pulls.created_at,
    pulls.merged_at,
    pulls.closed_at,
    pulls.updated_at,
    pulls.repo_slug,
    pulls.branch,
    pulls.is_draft,
    pulls.commit_count,
    pulls.co_authors,
    IFNULL(summed.sessions, 0) AS sessions,
    IFNULL(summed.requests, 0) AS requests,
    IFNULL(summed.total_tokens, 0) AS total_tokens,
    IFNULL(summed.cost_usd, 0) AS cost_usd,
    IFNULL(summed.book_cost_usd, 0) AS book_cost_usd,
    IFNULL(summed.unpriced, 0) AS unpriced,
    IFNULL(summed.sessions_by_branch, 0) AS sessions_by_branch,
    IFNULL(summed.sessions_by_time, 0) AS sessions_by_time,
    IF(
      @sort = 'cost',
      CAST(ROUND(IFNULL(summed.book_cost_usd, 0) * 1000000) AS INT64),
      UNIX_MILLIS(pulls.updated_at)
    ) AS place
  FROM pulls
  LEFT JOIN summed
    ON summed.id = pulls.id
)
SELECT
  id,
  number,
  title,
  author,
  state,
  created_at,
  merged_at,
  closed_at,
  updated_at,
  repo_slug,
  branch,
  is_draft,
  commit_count,
  co_authors,
  sessions,
  requests,
  total_tokens,
  cost_usd,
  book_cost_usd,
  unpriced,
  sessions_by_branch,
  sessions_by_time,
  place
FROM placed
WHERE place < @after_place
  OR (place = @after_place AND id < @after_id)
ORDER BY place DESC, id DESC
LIMIT @row_limit
