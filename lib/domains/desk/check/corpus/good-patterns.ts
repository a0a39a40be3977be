/** Ordinary questions in the same words about each of the desk's tables. */

/** A table, a column of time, one to count by and one that is a number. */
const tables: readonly { name: string; time: string; by: string; number: string }[] = [
  { name: 'pipeline_runs', time: 'start_time', by: 'pipeline_id', number: 'duration_ms' },
  { name: 'run_details', time: 'created_at', by: 'origin', number: 'rows_processed' },
  { name: 'step_logs', time: 'start_time', by: 'step_name', number: 'duration_ms' },
  { name: 'dq_results', time: 'executed_at', by: 'target_table', number: 'expectations_failed' },
  { name: 'sessions', time: '`timestamp`', by: 'model', number: 'tokens_out' },
  { name: 'session_details', time: 'received_at', by: 'provider', number: 'cache_read_tokens' },
  { name: 'chat_events', time: 'event_timestamp', by: 'event_type', number: 'LENGTH(event_id)' },
  { name: 'tool_executions', time: 'start_time', by: 'tool_name', number: 'duration_ms' },
  { name: 'pull_requests', time: 'created_at', by: 'author', number: 'reopened' },
  { name: 'repo_snapshots', time: 'indexed_at', by: 'repo_url', number: 'file_count' },
];

export const goodPatterns: readonly string[] = tables.flatMap(({ name, time, by, number }) => [
  `SELECT * FROM ${name}`,
  `SELECT * FROM ${name} ORDER BY ${time} DESC LIMIT 100`,
  `SELECT ${by}, COUNT(*) AS n FROM ${name} GROUP BY ${by} ORDER BY n DESC, ${by} LIMIT 10`,
  `SELECT DATE(${time}) AS day, COUNT(*) AS n FROM ${name} GROUP BY day ORDER BY day`,
  `SELECT ${by}, SUM(${number}) AS total, MAX(${number}) AS most FROM ${name} WHERE ${number} > 0 GROUP BY ${by}`,
  `SELECT ${by} FROM ${name} WHERE ${time} BETWEEN TIMESTAMP '2026-01-01' AND CURRENT_TIMESTAMP()`,
  `SELECT ${by}, ${time} FROM ${name} WHERE ${by} IS NOT NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY ${by} ORDER BY ${time} DESC NULLS LAST) <= 3`,
]);
