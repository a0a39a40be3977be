/** Puts on record that an operator had a table of BigQuery deleted with its rows and made anew. */
import { z } from 'zod';
import { defineCommand } from '@/lib/kernel/command';

/**
 * Writes the audit row, in the customer's log where the dataset is a customer's own; written before anything is deleted,
 * because nothing may be deleted without it. Source: docs/spec/002-pipeline-metadata.md, Schema Evolution.
 */
export const noteRecreation = defineCommand({
  name: 'table.recreate',
  permission: 'staff:write',
  input: z.strictObject({
    dataset: z.string().max(1_024),
    table: z.string().max(1_024),
    /** Rows deleted; null where there was no table. */
    rows: z.int().nullable(),
    /** Rows that Postgres holds and that are written back; null where the table is no copy of Postgres. */
    rowsInPostgres: z.int().nullable(),
  }),
  run: async ({ input }) => ({
    result: {},
    target: { type: 'table', id: `${input.dataset}.${input.table}` },
    before: { rows: input.rows },
    after: { rows: input.rowsInPostgres ?? 0 },
    mirror: [],
  }),
});
