/** Seals once a day where each customer's chain stands. */
import { sql } from 'drizzle-orm';
import { sealCheckpoint } from '@/lib/domains/agent-log/checkpoints/checkpoint';
import { agentLogCheckpoints } from '@/lib/domains/agent-log/tables';
import { defineJob } from '@/lib/kernel/jobs';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';

const dayMs = 86_400_000;

type Due = { customer_id: string; sequence: number; chain_hash: string; recorded_at: string };

/** The heads of chains that have rows which no checkpoint covers, where the day has none yet. */
async function dueHeads(day: string, customerId: string | null): Promise<Due[]> {
  const { rows } = await db().execute<Due>(sql`
    SELECT customer_id, head.sequence::float8 AS sequence, chain_hash,
      to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS recorded_at
    FROM agent_log_heads AS head
    WHERE (${customerId}::text IS NULL OR customer_id = ${customerId})
      AND sequence > coalesce((
      SELECT max(sequence) FROM agent_log_checkpoints AS sealed WHERE sealed.customer_id = head.customer_id), 0)
      AND NOT EXISTS (
        SELECT FROM agent_log_checkpoints AS sealed WHERE sealed.customer_id = head.customer_id AND day = ${day}::date)
    ORDER BY customer_id`);
  return rows;
}

/** Seals the chain of one customer for the day; repeated it changes nothing. */
async function sealOne(head: Due, day: string, at: Date): Promise<void> {
  const checkpoint = await sealCheckpoint({ format: 1, day, ...head }, at);
  await db().insert(agentLogCheckpoints).values(checkpoint).onConflictDoNothing();
}

export type SealReport = { sealed: number; failed: number };

/** Makes the checkpoints of the UTC day that has ended last, of one customer or of all; one without new rows needs none. */
export async function sealChains({
  clock = systemClock,
  customerId = null,
}: {
  clock?: Clock;
  customerId?: string | null;
} = {}): Promise<SealReport> {
  const at = clock();
  const day = new Date(at.getTime() - dayMs).toISOString().slice(0, 10);
  const report = { sealed: 0, failed: 0 };
  for (const head of await dueHeads(day, customerId)) {
    try {
      await sealOne(head, day, at);
      report.sealed++;
    } catch (error) {
      report.failed++;
      log().error({ err: error, customer: head.customer_id }, 'a checkpoint of an agent log could not be made');
    }
  }
  return report;
}

/** Several times a day, so that a day on which the key service was away for hours has its checkpoint all the same. */
export const sealChainsJob = defineJob({
  name: 'agent_log.seal_chains',
  schedule: '20 */3 * * *',
  description: 'Seals where the chain of each agent log stands, once a day.',
  run: ({ clock }) => sealChains({ clock }),
});
