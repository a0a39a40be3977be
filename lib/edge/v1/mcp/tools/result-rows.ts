/** Rows of a query's result, as the tools that run queries and read on have them. */
import { z } from 'zod';
import { grouped } from '@/lib/edge/v1/mcp/tools/shared';

export const resultFields = {
  query_id: z.string(),
  columns: z.array(z.strictObject({ name: z.string(), type: z.string(), repeated: z.boolean() })),
  rows: z.array(z.record(z.string(), z.unknown())).meta({
    description: 'By the names of their columns; numbers that JSON cannot hold exactly are texts.',
  }),
  row_count: z.int().nullable().meta({ description: 'Rows that can be read, at most 10,000.' }),
};

type Page = { rows: readonly unknown[]; row_count: number | null };

/** How the rows behind a page are read, which begins at an offset and may have lost its end; null where it is the last one. */
export function readOn({ rows, row_count }: Page, offset: number): string | null {
  const last = row_count ?? 0;
  const next = offset + rows.length;
  if (next >= last) return null;
  if (rows.length === 0) return `Row ${grouped(next + 1)} is too large for an answer: ask for fewer columns.`;
  return `Rows ${grouped(offset + 1)} to ${grouped(next)} of ${grouped(last)}: query_rows with offset ${next} reads on, and bills nothing.`;
}
