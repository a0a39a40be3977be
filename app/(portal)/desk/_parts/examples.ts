/** What the editor begins with where nothing is opened: a query that every organization can run as it is. */
export const firstText = `SELECT status, COUNT(*) AS runs
FROM pipeline_runs
GROUP BY status`;

/** Queries to begin with, each about tables that every organization has. */
export const examples: readonly { id: string; title: string; sql: string }[] = [
  {
    id: 'runs',
    title: 'Runs by pipeline and result',
    sql: `SELECT pipeline_id, status, COUNT(*) AS runs
FROM pipeline_runs
GROUP BY pipeline_id, status
ORDER BY runs DESC`,
  },
  {
    id: 'models',
    title: 'AI requests and tokens by model',
    sql: `SELECT model, COUNT(*) AS requests, SUM(total_tokens) AS tokens, ROUND(SUM(cost_usd), 2) AS cost_usd
FROM sessions
GROUP BY model
ORDER BY requests DESC`,
  },
  {
    id: 'tools',
    title: 'Tools of agents that fail most',
    sql: `SELECT tool_name, COUNT(*) AS calls, COUNTIF(status = 'failure') AS failures
FROM tool_executions
GROUP BY tool_name
ORDER BY failures DESC`,
  },
];
