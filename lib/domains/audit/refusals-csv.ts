/** Refusals that belong to no organization as CSV: a line a row, a head line first. */
import type { z } from 'zod';
import type { refusalsFilterInput } from '@/lib/domains/audit/input';
import { allRefusals, type Refusal } from '@/lib/domains/audit/refusals';
import type { Ctx } from '@/lib/kernel/ctx';
import { csvLine } from '@/lib/platform/csv';

const columns = [
  'at',
  'actor_type',
  'actor_id',
  'actor_name',
  'action',
  'occurrences',
  'ip_prefix',
  'user_agent',
  'request_id',
] as const satisfies readonly (keyof Refusal)[];

/** The CSV of all refusals that the filter matches, in pieces. Throws as listRefusals. */
export async function* refusalsCsv(ctx: Ctx, filter: z.input<typeof refusalsFilterInput>): AsyncGenerator<string> {
  let head = csvLine(columns);
  for await (const refusals of allRefusals(ctx, filter)) {
    yield head + refusals.map(refusal => csvLine(columns.map(column => refusal[column]))).join('');
    head = '';
  }
  if (head) yield head;
}
