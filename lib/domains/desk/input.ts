/** Inputs of the query desk: of forms, of `/api/desk/…` and of the tools of `/v1/mcp`. */
import { z } from 'zod';
import { defaultLimit, leastBytes, longestSqlBytes, resultRows } from '@/lib/domains/desk/rules';

const sqlText = z
  .string()
  .refine(text => text.trim() !== '', 'Write a SELECT.')
  .refine(text => Buffer.byteLength(text) <= longestSqlBytes, `A query has at most ${longestSqlBytes} bytes.`)
  .meta({
    description: 'One SELECT over the tables of describe_tables.',
    example: 'SELECT status, COUNT(*) AS runs FROM pipeline_runs GROUP BY status',
  });

const capBytes = z.coerce
  .number()
  .int()
  .min(leastBytes, `The least is ${leastBytes} bytes (10 MiB), which BigQuery bills a table.`);

/** A query as it is asked about or run. */
export const queryInput = z.strictObject({
  sql: sqlText,
  /** LIMIT where the text has none. */
  limit: z.coerce.number().int().min(1).max(resultRows).default(defaultLimit),
  /** Bytes that this query may bill, where that is less than the cap of key and customer. */
  max_bytes_billed: capBytes.optional(),
});
export type QueryInput = z.output<typeof queryInput>;

/** `request_token` makes a repeated request the same query. */
export const runQueryInput = queryInput.extend({ request_token: z.string().min(8).max(100).optional() });

export const queryId = z.string().min(1).max(60);

/** A page of a result. */
export const resultInput = z.strictObject({
  offset: z.coerce.number().int().min(0).max(resultRows).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export const historyInput = z.strictObject({
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
});

const queryName = z.string().trim().min(1, 'Give it a name.').max(100);
export const saveQueryInput = z.strictObject({ query_name: queryName, sql: sqlText });
export const changeSavedQueryInput = z.strictObject({
  saved_query_id: z.string().min(1).max(60),
  query_name: queryName.optional(),
  sql: sqlText.optional(),
});
export const deleteSavedQueryInput = z.strictObject({ saved_query_id: z.string().min(1).max(60) });

/** Null gives a cap back to the operator's setting. */
export const deskSettingsInput = z.strictObject({
  max_bytes_per_query: capBytes.nullable().optional(),
  bytes_per_day: z.coerce.number().int().min(0).nullable().optional(),
});
export const keyCapInput = z.strictObject({
  api_key_id: z.string().min(1).max(60),
  /** Null takes the key's own cap away. */
  max_bytes_per_query: capBytes.nullable(),
});
