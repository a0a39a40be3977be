/** Inputs of the query desk: of forms, of `/api/desk/…` and of the tools of `/v1/mcp`. */
import { z } from 'zod';
import { defaultLimit, leastBytes, longestSqlBytes, resultRows } from '@/lib/domains/desk/rules';
import { isStorable } from '@/lib/kernel/input';
import { openLineInput } from '@/lib/kernel/names';

const sqlText = z
  .string()
  .refine(text => text.trim() !== '', 'Write a SELECT.')
  .refine(isStorable, 'It contains a character that cannot be stored.')
  .refine(
    text => new TextEncoder().encode(text).length <= longestSqlBytes,
    `A query has at most ${longestSqlBytes} bytes.`,
  )
  .meta({
    description: 'One SELECT over the tables of describe_tables.',
    example: 'SELECT status, COUNT(*) AS runs FROM pipeline_runs GROUP BY status',
  });

const digits = /^-?\d{1,16}$/;
const numberOf = (value: unknown) => (typeof value === 'string' && digits.test(value.trim()) ? Number(value) : value);
/** A whole number, or its digits as forms and addresses send it; true, an empty text or list are no numbers. */
const whole = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(numberOf, schema);

const capBytes = z.int().min(leastBytes, `The least is ${leastBytes} bytes (10 MiB), which BigQuery bills a table.`);

/** A query as it is asked about or run. */
export const queryInput = z.strictObject({
  sql: sqlText,
  /** LIMIT where the text has none. */
  limit: whole(z.int().min(1).max(resultRows).default(defaultLimit)),
  /** Bytes that this query may bill, where that is less than the cap of key and customer. */
  max_bytes_billed: whole(capBytes.optional()),
});
export type QueryInput = z.output<typeof queryInput>;

/** `request_token` makes a repeated request the same query. */
const requestToken = z.string().regex(/^[\x21-\x7e]{8,100}$/, 'A token has 8 to 100 letters, digits and signs.');
export const runQueryInput = queryInput.extend({ request_token: requestToken.optional() });

const id = z.string().regex(/^[\w-]{1,60}$/, 'This is no id of ours.');
export const queryId = id;

/** A page of a result. */
export const resultInput = z.strictObject({
  offset: whole(z.int().min(0).max(resultRows).default(0)),
  limit: whole(z.int().min(1).max(1_000).default(100)),
});

export const historyInput = z.strictObject({
  after: z.string().max(500).optional(),
  limit: whole(z.int().min(1).max(100).default(25)),
});

const queryName = openLineInput(100).refine(name => name !== '', 'Give it a name.');
export const saveQueryInput = z.strictObject({ query_name: queryName, sql: sqlText });
export const changeSavedQueryInput = z.strictObject({
  saved_query_id: id,
  query_name: queryName.optional(),
  sql: sqlText.optional(),
});
export const deleteSavedQueryInput = z.strictObject({ saved_query_id: id });

/** Null gives a cap back to the operator's setting. */
export const deskSettingsInput = z.strictObject({
  max_bytes_per_query: whole(capBytes.nullable().optional()),
  bytes_per_day: whole(z.int().min(0).nullable().optional()),
});
export const keyCapInput = z.strictObject({
  api_key_id: id,
  /** Null takes the key's own cap away. */
  max_bytes_per_query: whole(capBytes.nullable()),
});
