/** The statement that takes days out of `sessions` and leaves what they came to in `ai_usage_days`. Source: docs/spec/001-ai-traces.md, Data Retention. */
import { tables } from '@/lib/warehouse/rows/metadata';

/** What a row of a day comes to; every one of them can be added up, sessions as far as each of them lies within one expiry. */
const sums: Record<string, string> = {
  requests: 'COUNT(*)',
  sessions: 'COUNT(DISTINCT IFNULL(s.session_id, s.trace_hash))',
  failed: 'COUNTIF(d.error_code IS NOT NULL OR s.status_code >= 400)',
  flagged: 'COUNTIF(s.accepted_flag = 1)',
  tokens_in: 'SUM(s.tokens_in)',
  tokens_out: 'SUM(s.tokens_out)',
  cache_read_tokens: 'SUM(COALESCE(d.cache_read_tokens, 0))',
  cost_usd: 'SUM(s.cost_usd)',
  book_cost_usd: 'SUM(COALESCE(d.book_cost_usd, 0.0))',
  unpriced: 'COUNTIF(d.book_cost_usd IS NULL)',
};

const usageKey = `TO_HEX(SHA256(TO_JSON_STRING([CAST(s.event_date AS STRING), COALESCE(s.repo_slug, '\\n'), COALESCE(s.developer_id, '\\n'), COALESCE(s.model, '\\n'), COALESCE(d.provider, '\\n')])))`;

function aggregate(dataset: string, days: string): string {
  const names = Object.entries(sums).map(([name, sum]) => `${sum} AS ${name}`);
  return `SELECT ${usageKey} AS usage_key, s.event_date AS event_date, s.repo_slug AS repo_slug, s.developer_id AS developer_id,
      s.model AS model, d.provider AS provider, ${names.join(', ')}
    FROM \`${dataset}.sessions\` s
    LEFT JOIN \`${dataset}.session_details\` d ON d.trace_hash = s.trace_hash AND d.event_date ${days}
    WHERE s.event_date ${days}
    GROUP BY usage_key, event_date, repo_slug, developer_id, model, provider`;
}

/**
 * One transaction for the days from `first` to `last` (YYYY-MM-DD): what rows come to is added to their days, and they are
 * deleted. So rows that arrive late for a day that is over are added to it, and a statement sent again finds none.
 */
export function expireSql(dataset: string, first: string, last: string): string {
  for (const day of [first, last]) if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`${day} is not a day`);
  // Literals: the local BigQuery takes no parameters in statements of several parts.
  const days = `BETWEEN DATE '${first}' AND DATE '${last}'`;
  const columns = Object.keys(tables.ai_usage_days.columns);
  const adds = Object.keys(sums).map(name => `${name} = T.${name} + S.${name}`);
  return [
    'BEGIN TRANSACTION;',
    `MERGE \`${dataset}.ai_usage_days\` T USING (${aggregate(dataset, days)}) S`,
    `ON T.usage_key = S.usage_key AND T.event_date ${days}`,
    `WHEN MATCHED THEN UPDATE SET ${adds.join(', ')}`,
    `WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}) VALUES (${columns.map(name => `S.${name}`).join(', ')});`,
    `DELETE FROM \`${dataset}.session_details\` WHERE event_date ${days};`,
    `DELETE FROM \`${dataset}.sessions\` WHERE event_date ${days};`,
    'COMMIT TRANSACTION;',
  ].join('\n');
}
