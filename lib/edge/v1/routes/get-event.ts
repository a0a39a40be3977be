/** GET /v1/events/{message_id} */
import { z } from 'zod';
import { findReceipt } from '@/lib/domains/events/receipts/find-receipt';
import { callTypes, receiptOutcomes } from '@/lib/domains/events/rules';
import { rowStates } from '@/lib/domains/events/view';
import { defineOperationRoute } from '@/lib/edge/v1/define-route';

const instant = z.iso.datetime();
const text = z.string();

const row = z.strictObject({
  table: text.meta({ description: 'Table in the dataset of the source.' }),
  state: z.enum(rowStates).meta({
    description: 'WAITING for the next load, LOADED, or DEAD: refused by BigQuery even alone.',
  }),
  job_id: text.nullable().meta({ description: 'The load job that brought it; null where a stream did.' }),
  stream: text.nullable().meta({ description: 'The Storage Write stream that brought it; null where a load job did.' }),
  loaded_at: instant.nullable(),
  error: text.nullable().meta({ description: 'What BigQuery said of a dead row.' }),
  columns: z
    .array(z.strictObject({ column: text, type: text }))
    .nullable()
    .meta({ description: 'Columns of the row; null once the event itself is kept no longer.' }),
  changes: z
    .array(z.strictObject({ kind: text, column: text.nullable(), from: text.nullable(), to: text.nullable() }))
    .meta({ description: 'What was made or widened in the table for the load that brought it.' }),
  discarded: z
    .array(z.strictObject({ column: text, reason: text, value: text }))
    .meta({ description: 'Values that no column took, and why.' }),
});

const receipt = z.strictObject({
  message_id: text,
  source_id: text,
  outcome: z.enum(receiptOutcomes).meta({
    description: 'DUPLICATE where the same message id was accepted in the 24 hours before.',
  }),
  type: z.enum(callTypes).nullable(),
  event: text.nullable().meta({ description: 'Name of a track call.' }),
  user_id: text.nullable(),
  anonymous_id: text.nullable(),
  received_at: instant,
  recorded_at: instant.meta({ description: 'When the receipt was written.' }),
  problems: z
    .array(z.strictObject({ code: text, field: text, message: text }))
    .meta({ description: 'Why it was refused.' }),
  notes: z.array(z.strictObject({ code: text, path: text, detail: text })).meta({
    description: 'What was renamed or kept out: the path as it was sent, and the new name or the start of the value.',
  }),
  body: text.nullable().meta({ description: 'The event as JSON; null once it is kept no longer.' }),
  rows: z.array(row),
  duplicates: z
    .array(instant)
    .meta({ description: 'When the same message id came again; the latest first, at most 20.' }),
});

/** Source: docs/architecture.md, Event collection. */
export const getEvent = defineOperationRoute({
  operationId: 'getEvent',
  method: 'GET',
  path: '/v1/events/{message_id}',
  who: 'both',
  summary: 'Read what became of an event',
  description:
    'The receipt of an event that was sent: refused and why, or which tables got a row of it, by which load job or stream, and which values no column took. ' +
    'It is there a moment after the call that sent it was answered, and is kept for some days. An event of another customer is not found.',
  params: z.strictObject({
    message_id: text.meta({ description: 'The messageId that was sent with it, or given to it.' }),
  }),
  success: { status: 200, description: 'The receipt.', schema: receipt },
  errors: ['not_found', 'invalid_input'],
  operation: findReceipt,
  args: ({ params }) => [params.message_id],
  answer: ({ received_at, recorded_at, rows, duplicates, ...found }) => ({
    status: 200,
    body: {
      ...found,
      received_at: received_at.toISOString(),
      recorded_at: recorded_at.toISOString(),
      rows: rows.map(made => ({ ...made, loaded_at: made.loaded_at?.toISOString() ?? null })),
      duplicates: duplicates.map(at => at.toISOString()),
    },
  }),
});
