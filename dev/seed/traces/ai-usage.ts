/** The demo's AI usage: its requests, valued by the price book, in the tables of the customer, a file that had three bad lines, and budgets. */

import { ownerCtx } from '@/dev/seed/owner-ctx';
import type { BranchWork } from '@/dev/seed/pull-requests/pull-history';
import { seededRandom } from '@/dev/seed/random';
import { aiRequests, type DemoTeam } from '@/dev/seed/traces/ai-requests';
import { insertTraces } from '@/dev/testing/traces/trace-rows';
import type { Customer } from '@/lib/domains/customers/tables';
import { createBudget } from '@/lib/domains/traces/budgets/budgets';
import { reserveIds } from '@/lib/domains/traces/load/reserve-ids';
import { bringFirstBook } from '@/lib/domains/traces/prices/first-book';
import { newBook } from '@/lib/domains/traces/prices/price-book';
import { priced } from '@/lib/domains/traces/prices/priced';
import { readBook } from '@/lib/domains/traces/prices/read-book';
import { recordDeadLetters } from '@/lib/domains/traces/runs/dead-letters';
import { beginEtlRun, endEtlRun, noteEtlProgress } from '@/lib/domains/traces/runs/etl-runs';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';

const dayMs = 86_400_000;
const shownDays = 30;
const importedDaysAgo = 6;

const refused = [
  {
    line: 118,
    code: 'negative',
    field: 'prompt_tokens',
    content: '{"model": "openai/gpt-4o", "prompt_tokens": -12, "completion_tokens": 80}',
  },
  {
    line: 240,
    code: 'wrong_type',
    field: 'completion_tokens',
    content: '{"model": "openai/gpt-4o-mini", "prompt_tokens": 300, "completion_tokens": "many"}',
  },
  { line: 241, code: 'not_json', field: '', content: '{"model": "anthropic/claude-3-haiku", "prompt_tok' },
];

/** The run of an import that took `rows` and refused three lines. */
async function noteImport({ customerId }: Customer, rows: number, at: Date): Promise<void> {
  const end = new Date(at.getTime() + 4_200);
  await db().transaction(async tx => {
    const details = { source: 'litellm-spend-logs.jsonl' };
    const { id } = await beginEtlRun(tx, { customerId, job: 'ingest-traces', details, at });
    await recordDeadLetters(tx, { customerId, etlRunId: id, letters: refused, at });
    await noteEtlProgress(tx, id, { rows, refused: refused.length, assumedTimes: 0 }, { at: end });
    await endEtlRun(tx, id, { state: 'COMPLETED', at: end });
  });
}

/** Requests of the last 30 days; those of the first of them came by a file. */
export async function seedAiUsage(
  team: DemoTeam & { seed: number },
  work: readonly BranchWork[],
  customer: Customer,
  now: Date,
): Promise<void> {
  const rows = aiRequests({ team, work, random: seededRandom(team.seed), now, days: shownDays });
  await bringFirstBook(systemCtx('seed'));
  const book = newBook(await readBook(customer.customerId));
  // Their ids are the first; the loader's come after them.
  await reserveIds(customer.customerId, rows.length);
  await insertTraces(
    customer,
    rows.map(row => priced(row, book)),
  );
  const importedAt = new Date(now.getTime() - importedDaysAgo * dayMs);
  const before = rows.filter(row => Date.parse(row.received_at) < importedAt.getTime());
  await noteImport(customer, before.length, importedAt);
  const owner = await ownerCtx(customer, importedAt);
  for (const budget of team.budgets) await createBudget(owner, budget);
}
