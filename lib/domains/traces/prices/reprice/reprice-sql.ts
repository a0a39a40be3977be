/** The MERGE that values requests of a period anew; its sum is that of lib/domains/traces/prices/priced.ts, and a test compares both. */

const text = (field: string) => `JSON_VALUE(span, '$.${field}') AS ${field}`;
const dollars = (field: string) => `CAST(JSON_VALUE(span, '$.${field}') AS FLOAT64) AS ${field}`;
const day = (field: string) => `CAST(JSON_VALUE(span, '$.${field}') AS DATE) AS ${field}_day`;

const spans = `
    SELECT ${['provider', 'model', 'price_id'].map(text).join(', ')}, ${['from', 'until'].map(day).join(', ')},
      ${['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning'].map(dollars).join(',\n      ')}
    FROM UNNEST(@spans) AS span`;

const cost = `
      (GREATEST(request.tokens_in - (detail.cache_read_tokens + detail.cache_write_tokens + detail.cache_write_1h_tokens), 0) * price.input
        + detail.cache_read_tokens * price.cacheRead
        + detail.cache_write_tokens * price.cacheWrite
        + detail.cache_write_1h_tokens * price.cacheWrite1h
        + GREATEST(request.tokens_out - detail.reasoning_tokens, 0) * price.output
        + detail.reasoning_tokens * price.reasoning) / 1000000`;

/**
 * Parameters: @spans (ARRAY<STRING>, each a PriceSpan as JSON), @from_day and @to_day (DATE, both included), @loaded_at. Rows
 * whose cost and price stay are not written.
 */
export const repriceSql = (dataset: string): string => `
MERGE \`${dataset}.session_details\` T USING (
  SELECT detail.trace_hash, detail.event_date, price.price_id,
    CASE WHEN detail.from_cache THEN 0.0 WHEN price.price_id IS NULL THEN NULL ELSE ${cost}
    END AS book_cost_usd
  FROM \`${dataset}.session_details\` AS detail
  JOIN \`${dataset}.sessions\` AS request
    ON request.trace_hash = detail.trace_hash AND request.event_date = detail.event_date
  LEFT JOIN (${spans}
  ) AS price
    ON price.model = request.model AND price.provider = IFNULL(detail.provider, '')
    AND detail.event_date >= price.from_day AND detail.event_date < price.until_day
  WHERE detail.event_date BETWEEN @from_day AND @to_day AND request.event_date BETWEEN @from_day AND @to_day
) S
ON T.trace_hash = S.trace_hash AND T.event_date = S.event_date AND T.event_date BETWEEN @from_day AND @to_day
WHEN MATCHED AND (
  IFNULL(T.book_cost_usd, -1) != IFNULL(S.book_cost_usd, -1) OR IFNULL(T.price_id, '') != IFNULL(S.price_id, '')
) THEN UPDATE SET book_cost_usd = S.book_cost_usd, price_id = S.price_id, loaded_at = @loaded_at`;

/** What each model of the period cost, the busiest first. Parameters: @from_day and @to_day (DATE), @most (INT64). */
export const totalsSql = (dataset: string): string => `
SELECT NULLIF(IFNULL(detail.provider, ''), '') AS provider, request.model AS model, COUNT(*) AS requests,
  COUNTIF(detail.book_cost_usd IS NULL) AS unpriced, IFNULL(SUM(detail.book_cost_usd), 0) AS cost_usd
FROM \`${dataset}.session_details\` AS detail
JOIN \`${dataset}.sessions\` AS request
  ON request.trace_hash = detail.trace_hash AND request.event_date = detail.event_date
WHERE detail.event_date BETWEEN @from_day AND @to_day AND request.event_date BETWEEN @from_day AND @to_day
GROUP BY 1, 2
ORDER BY requests DESC, provider, model
LIMIT @most`;
