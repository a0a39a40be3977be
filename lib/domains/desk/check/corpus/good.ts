/** Texts that people and agents would write, which every layer lets pass: what keeps the desk usable. */
import { goodPatterns } from '@/lib/domains/desk/check/corpus/good-patterns';

const runs = [
  'SELECT status, COUNT(*) AS runs FROM pipeline_runs GROUP BY status ORDER BY runs DESC',
  'SELECT pipeline_id, AVG(duration_ms) / 1000 AS seconds FROM pipeline_runs WHERE status = "COMPLETED" GROUP BY pipeline_id',
  "SELECT * FROM pipeline_runs WHERE start_time >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY) AND status = 'FAILED'",
  "SELECT DATE(start_time) AS day, COUNTIF(status = 'FAILED') AS failed, COUNT(*) AS total FROM pipeline_runs GROUP BY 1 ORDER BY 1",
  "SELECT pipeline_id, SAFE_DIVIDE(COUNTIF(status = 'FAILED'), COUNT(*)) AS share FROM pipeline_runs GROUP BY pipeline_id HAVING COUNT(*) > 10",
  'SELECT pipeline_id, APPROX_QUANTILES(duration_ms, 100)[OFFSET(95)] AS p95 FROM pipeline_runs GROUP BY pipeline_id',
  `SELECT pipeline_id, status, start_time FROM pipeline_runs
   QUALIFY ROW_NUMBER() OVER (PARTITION BY pipeline_id ORDER BY start_time DESC) = 1`,
  `SELECT r.pipeline_id, d.error_pattern, COUNT(*) AS failures
   FROM pipeline_runs AS r JOIN run_details AS d ON d.pipeline_logging_id = r.pipeline_logging_id
   WHERE r.status = 'FAILED' GROUP BY r.pipeline_id, d.error_pattern ORDER BY failures DESC LIMIT 20`,
  `SELECT r.pipeline_id, s.step_name, MAX(s.duration_ms) AS slowest
   FROM pipeline_runs r LEFT JOIN step_logs s USING (pipeline_logging_id) GROUP BY 1, 2`,
  `WITH failed AS (
     SELECT pipeline_logging_id, pipeline_id FROM pipeline_runs WHERE status = 'FAILED' -- the ones that failed
   ), counted AS (SELECT pipeline_id, COUNT(*) AS n FROM failed GROUP BY pipeline_id)
   SELECT pipeline_id, n FROM counted WHERE n > 1 ORDER BY n DESC`,
  `SELECT start_time, duration_ms - LAG(duration_ms) OVER (PARTITION BY pipeline_id ORDER BY start_time) AS slower FROM pipeline_runs`,
  `SELECT pipeline_id, AVG(duration_ms) OVER w AS moving FROM pipeline_runs
   WINDOW w AS (PARTITION BY pipeline_id ORDER BY start_time ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)`,
  "SELECT JSON_VALUE(parameters, '$.region') AS region, COUNT(*) FROM pipeline_runs GROUP BY region",
  'SELECT parameters.region AS region FROM pipeline_runs',
  "SELECT pipeline_id FROM pipeline_runs WHERE error_message LIKE '%timeout%' OR REGEXP_CONTAINS(error_message, 'exit \\\\d+')",
  "SELECT pipeline_id, STRING_AGG(DISTINCT status, ', ' ORDER BY status) AS seen FROM pipeline_runs GROUP BY pipeline_id",
  'SELECT DISTINCT trigger_by FROM pipeline_runs',
  'SELECT COUNT(DISTINCT pipeline_id) FROM pipeline_runs',
  `SELECT pipeline_id, CASE WHEN duration_ms < 60000 THEN 'short' WHEN duration_ms < 600000 THEN 'middle' ELSE 'long' END AS length
   FROM pipeline_runs`,
  'SELECT * EXCEPT (parameters, error_message) FROM pipeline_runs ORDER BY start_time DESC LIMIT 50',
  'SELECT * REPLACE (duration_ms / 1000 AS duration_ms) FROM pipeline_runs',
  "SELECT pipeline_id FROM pipeline_runs WHERE pipeline_logging_id IN (SELECT pipeline_logging_id FROM dq_results WHERE overall_status = 'FAIL')",
  'SELECT pipeline_id FROM pipeline_runs r WHERE EXISTS (SELECT 1 FROM step_logs s WHERE s.pipeline_logging_id = r.pipeline_logging_id)',
  `SELECT EXTRACT(HOUR FROM start_time) AS hour, COUNT(*) AS runs FROM pipeline_runs GROUP BY hour ORDER BY hour`,
  `SELECT TIMESTAMP_TRUNC(start_time, HOUR) AS hour, COUNT(*) FROM pipeline_runs GROUP BY hour`,
  `SELECT DATE_TRUNC(DATE(start_time), WEEK(MONDAY)) AS week, SUM(duration_ms) AS ms FROM pipeline_runs GROUP BY week`,
  "SELECT FORMAT_TIMESTAMP('%Y-%m', start_time) AS month, COUNT(*) FROM pipeline_runs GROUP BY month",
  'SELECT IFNULL(trigger_type, "unknown") AS kind, COUNT(*) FROM pipeline_runs GROUP BY ALL',
  `SELECT pipeline_id, ARRAY_AGG(status ORDER BY start_time DESC LIMIT 5) AS last_five FROM pipeline_runs GROUP BY pipeline_id`,
  `SELECT pipeline_id, ARRAY_AGG(STRUCT(start_time, status) ORDER BY start_time DESC LIMIT 1)[SAFE_OFFSET(0)].status FROM pipeline_runs GROUP BY 1`,
  'SELECT status, trigger_type, COUNT(*) FROM pipeline_runs GROUP BY ROLLUP (status, trigger_type)',
  'SELECT status, trigger_type, COUNT(*) FROM pipeline_runs GROUP BY GROUPING SETS ((status), (trigger_type), ())',
  'SELECT a.pipeline_id FROM pipeline_runs a CROSS JOIN (SELECT MAX(start_time) AS latest FROM pipeline_runs) b WHERE a.start_time = b.latest',
  `SELECT rows_processed, DENSE_RANK() OVER (ORDER BY rows_processed DESC NULLS LAST) AS place FROM run_details`,
  'SELECT orchestrator, SUM(rows_processed) FROM run_details WHERE rows_processed IS NOT NULL GROUP BY 1 ORDER BY 2 DESC NULLS LAST',
  "SELECT COUNT(*) FROM run_details WHERE lease_expired AND origin != 'api'",
  'SELECT checks_failed > 0 AS bad, COUNT(*) FROM run_details GROUP BY 1',
  'SELECT quota_day, SUM(quota_charge) AS charged FROM run_details GROUP BY quota_day ORDER BY quota_day DESC LIMIT 31',
  `SELECT step_type, COUNT(*) AS steps, ROUND(AVG(duration_ms), 1) AS average FROM step_logs GROUP BY step_type`,
  "SELECT JSON_QUERY(metadata, '$.files') FROM step_logs WHERE JSON_VALUE(metadata, '$.kind') = 'copy'",
  `SELECT target_table, SUM(expectations_passed) AS passed, SUM(expectations_failed) AS failed FROM dq_results GROUP BY target_table`,
  "SELECT target_table FROM dq_results WHERE ingestion_date BETWEEN '2026-01-01' AND '2026-01-31'",
  `SELECT d.target_table, check_name FROM dq_results d CROSS JOIN UNNEST(JSON_VALUE_ARRAY(d.failed_expectations)) AS check_name`,
  "SELECT pipeline_id, 'run' AS kind FROM pipeline_runs UNION ALL SELECT target_table, 'check' FROM dq_results JOIN pipeline_runs USING (pipeline_logging_id)",
  '(SELECT pipeline_id FROM pipeline_runs) EXCEPT DISTINCT (SELECT target_table FROM dq_results)',
  'SELECT pipeline_id FROM pipeline_runs INTERSECT DISTINCT SELECT pipeline_id FROM pipeline_runs ORDER BY pipeline_id LIMIT 10',
  'SELECT COUNT(*) FROM pipeline_runs;',
  '# runs of today\nSELECT COUNT(*) FROM pipeline_runs WHERE DATE(start_time) = CURRENT_DATE()',
  '/* asked by the weekly report */ SELECT status FROM pipeline_runs LIMIT 10 OFFSET 20',
  'select pipeline_id, count(1) c from pipeline_runs group by pipeline_id order by c desc limit 3',
];

const usage = [
  'SELECT model, SUM(cost_usd) AS usd FROM sessions GROUP BY model ORDER BY usd DESC',
  'SELECT developer_id, SUM(total_tokens) AS tokens FROM sessions WHERE event_date >= DATE_SUB(CURRENT_DATE(), INTERVAL 30 DAY) GROUP BY developer_id',
  'SELECT event_date, SUM(cost_usd) AS usd, SUM(SUM(cost_usd)) OVER (ORDER BY event_date) AS so_far FROM sessions GROUP BY event_date',
  'SELECT s.model, d.provider, ROUND(SUM(d.book_cost_usd), 2) FROM sessions s JOIN session_details d USING (trace_hash) GROUP BY 1, 2',
  'SELECT model, AVG(latency_ms) AS average, MAX(latency_ms) AS worst FROM sessions WHERE status_code = 200 GROUP BY model',
  'SELECT repo_slug, SUM(accepted_lines) FROM sessions GROUP BY repo_slug HAVING SUM(accepted_lines) > 100',
  'SELECT team, SUM(reasoning_tokens) AS reasoning FROM session_details WHERE team IS NOT NULL GROUP BY team',
  'SELECT source, COUNTIF(error_code IS NOT NULL) AS errors, COUNT(*) AS calls FROM session_details GROUP BY source',
  'SELECT provider, SUM(cache_read_tokens) / NULLIF(SUM(cache_read_tokens + cache_write_tokens), 0) AS hit FROM session_details GROUP BY provider',
  `SELECT u.event_date, u.model, u.cost_usd, LAG(u.cost_usd) OVER (PARTITION BY u.model ORDER BY u.event_date) AS before_it FROM ai_usage_days u`,
  'SELECT developer_id, COUNT(DISTINCT event_date) AS days FROM ai_usage_days GROUP BY developer_id ORDER BY days DESC',
  'SELECT model, requests FROM ai_usage_days WHERE event_date = (SELECT MAX(event_date) FROM ai_usage_days)',
  `SELECT author, COUNT(*) AS merged, AVG(TIMESTAMP_DIFF(merged_at, created_at, HOUR)) AS hours FROM pull_requests WHERE merged_at IS NOT NULL GROUP BY author`,
  'SELECT p.title, d.branch, ARRAY_LENGTH(d.co_authors) AS helpers FROM pull_requests p JOIN pull_request_details d USING (id)',
  'SELECT author_name, COUNT(*) FROM pull_request_details, UNNEST(co_authors) AS author_name GROUP BY author_name',
  'SELECT d.id, name, place FROM pull_request_details d LEFT JOIN UNNEST(d.repo_names) AS name WITH OFFSET AS place',
  "SELECT id FROM pull_request_details WHERE 'portal' IN UNNEST(repo_names) AND is_draft = FALSE",
  "SELECT ARRAY_TO_STRING(co_authors, ', ') AS helpers FROM pull_request_details",
  'SELECT author, EXTRACT(DAYOFWEEK FROM `timestamp`) AS weekday, COUNT(*) FROM commits GROUP BY 1, 2',
  'SELECT c.author, COUNT(*) FROM commits AS c WHERE c.`timestamp` > TIMESTAMP "2026-01-01 00:00:00+00" GROUP BY c.author',
  `WITH spend AS (SELECT developer_id AS who, SUM(cost_usd) AS usd FROM sessions GROUP BY who),
        work AS (SELECT author AS who, COUNT(*) AS commits_made FROM commits GROUP BY who)
   SELECT who, usd, commits_made, SAFE_DIVIDE(usd, commits_made) AS usd_a_commit FROM spend JOIN work USING (who)`,
  'SELECT PERCENTILE_CONT(latency_ms, 0.5) OVER (PARTITION BY model) AS median, model FROM sessions',
  'SELECT CORR(tokens_in, latency_ms) AS related, STDDEV(latency_ms) AS spread FROM sessions',
  'SELECT model, NTILE(4) OVER (ORDER BY cost_usd) AS quarter_of FROM sessions',
  'SELECT GREATEST(tokens_in, tokens_out), LEAST(tokens_in, tokens_out), ABS(tokens_in - tokens_out) FROM sessions',
  'SELECT IF(accepted_flag = 1, "taken", "left") AS outcome, COUNT(*) FROM sessions GROUP BY outcome',
  "SELECT SPLIT(repo_slug, '/')[SAFE_OFFSET(1)] AS repository, SUM(cost_usd) FROM sessions GROUP BY repository",
  "SELECT UPPER(TRIM(model)), SUBSTR(session_id, 1, 8), CONCAT(model, ' ', repo_slug) FROM sessions",
  "SELECT CAST(cost_usd AS STRING) || ' USD', CAST(event_date AS TIMESTAMP), SAFE_CAST(session_id AS INT64) FROM sessions",
  'SELECT day, (SELECT COALESCE(SUM(cost_usd), 0) FROM sessions WHERE event_date = day) AS usd FROM UNNEST(GENERATE_DATE_ARRAY(DATE "2026-01-01", DATE "2026-01-31")) AS day',
];

const agents = [
  'SELECT tool_name, COUNT(*) AS calls, AVG(duration_ms) AS average FROM tool_executions GROUP BY tool_name ORDER BY calls DESC',
  "SELECT tool_name, COUNTIF(status = 'failure') / COUNT(*) AS failing FROM tool_executions GROUP BY tool_name",
  'SELECT DATE(start_time) AS day, SUM(bytes_billed) / POW(1024, 3) AS gib FROM tool_executions GROUP BY day ORDER BY day',
  'SELECT * FROM tool_executions WHERE duration_ms > 5000 ORDER BY duration_ms DESC LIMIT 20',
  'SELECT session_id, MIN(event_timestamp) AS began, MAX(event_timestamp) AS ended FROM chat_events GROUP BY session_id',
  "SELECT JSON_VALUE(content, '$.text') FROM chat_events WHERE event_type = 'user_message' ORDER BY event_timestamp DESC LIMIT 10",
  'SELECT event_type, COUNT(*) FROM chat_events GROUP BY event_type',
  "SELECT user_id, COUNT(DISTINCT session_id) FROM chat_events WHERE event_timestamp >= '2026-01-01' GROUP BY user_id",
  'SELECT LAX_STRING(client_info.name) AS client, COUNT(*) FROM chat_events GROUP BY 1 LIMIT 5',
  'SELECT LAX_STRING(metadata.model) AS model, TO_JSON_STRING(metadata) FROM chat_events LIMIT 5',
  'SELECT repo_url, MAX(indexed_at) AS latest, ANY_VALUE(file_count HAVING MAX indexed_at) AS files FROM repo_snapshots GROUP BY repo_url',
  'SELECT t.tool_name, e.user_id FROM tool_executions t JOIN chat_events e ON JSON_VALUE(e.content, "$.execution_id") = t.execution_id',
  `SELECT session_id, event_timestamp, TIMESTAMP_DIFF(event_timestamp, LAG(event_timestamp) OVER (PARTITION BY session_id ORDER BY event_timestamp), SECOND) AS gap FROM chat_events`,
  `SELECT event_id FROM chat_events WHERE JSON_VALUE(content, "$['it is']") IS NULL`,
  'SELECT `event_id`, `session_id` AS `session` FROM `chat_events`',
];

const plain = [
  'SELECT 1',
  'SELECT 1 AS one, "two" AS two, 3.5 AS three, TRUE AS four, NULL AS five',
  `SELECT "it's", 'a "quoted" word', 'tab\\tand \\u00e9'`,
  'SELECT [1, 2, 3][OFFSET(0)], ARRAY<INT64>[1, 2], STRUCT(1 AS a, "b" AS b).a',
  'SELECT n, n * n AS square FROM UNNEST(GENERATE_ARRAY(1, 10)) AS n WHERE MOD(n, 2) = 0',
  'SELECT DATE_DIFF(DATE "2026-03-01", DATE "2026-02-01", DAY), DATE_ADD(CURRENT_DATE(), INTERVAL 1 MONTH)',
  'SELECT x FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3) WHERE x BETWEEN 2 AND 3',
  'WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a) SELECT * FROM a UNION ALL SELECT * FROM b',
  "SELECT FORMAT('%d %s', 1, 'a'), LPAD('7', 3, '0'), REPEAT('a', 3), REVERSE('abc'), STRPOS('abc', 'b')",
  'SELECT 1 IN (1, 2), 3 NOT IN (4), NOT TRUE, 1 <> 2, 1 != 2, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 3',
  "SELECT PARSE_DATE('%Y-%m-%d', '2026-01-01'), PARSE_JSON('{\"a\": 1}'), JSON '{\"b\": [1, 2]}'",
  'SELECT ROUND(2.567, 2), FLOOR(2.5), CEIL(2.5), TRUNC(2.5), SQRT(16), POW(2, 10), LN(2.7), DIV(7, 2), SIGN(-3)',
];

/** Texts of every kind, each once. */
export const goodTexts: readonly string[] = [...runs, ...usage, ...agents, ...plain, ...goodPatterns];
