/** Message ids that came before: of a source, within a day, the first one counts. Source: docs/architecture.md, Event collection. */
import { sql } from 'drizzle-orm';
import type { Outcome } from '@/lib/domains/events/process/outcome';
import { dedupHours } from '@/lib/domains/events/rules';
import type { Tx } from '@/lib/platform/db';

const hourMs = 3_600_000;

const keyOf = ({ source, messageId }: Outcome): string => `${source.sourceId} ${messageId}`;

/** Those of these calls whose message id was accepted before. One look into the index each, however large the day is. */
async function knownKeys(tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<Set<string>> {
  const sourceIds = sql.param(outcomes.map(({ source }) => source.sourceId));
  const messageIds = sql.param(outcomes.map(({ messageId }) => messageId));
  const since = new Date(at.getTime() - dedupHours * hourMs).toISOString();
  const { rows } = await tx.execute<{ key: string }>(sql`
    SELECT sent.source_id || ' ' || sent.message_id AS key
    FROM unnest(${sourceIds}::text[], ${messageIds}::text[]) AS sent (source_id, message_id)
    CROSS JOIN LATERAL (
      SELECT FROM event_receipts AS known
      WHERE known.source_id = sent.source_id AND known.message_id = sent.message_id
        AND known.recorded_at > ${since} AND known.outcome = 'ACCEPTED'
      LIMIT 1
    ) AS earlier`);
  return new Set(rows.map(({ key }) => key));
}

/** Makes duplicates of the calls whose message id came before, here or in a receipt; the caller holds the locks of their sources. */
export async function markDuplicates(tx: Tx, outcomes: readonly Outcome[], at: Date): Promise<void> {
  const accepted = outcomes.filter(({ outcome }) => outcome === 'ACCEPTED');
  const seen = await knownKeys(tx, accepted, at);
  for (const outcome of accepted) {
    const key = keyOf(outcome);
    if (seen.has(key)) Object.assign(outcome, { outcome: 'DUPLICATE', rows: [], notes: [] });
    seen.add(key);
  }
}
