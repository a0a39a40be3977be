/** Events of OpenLineage for tests, as clients write them, and what of them is in the queue. */
import { eq } from 'drizzle-orm';
import { lineageEvents, lineageWords } from '@/lib/domains/lineage/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

/** A START of a run of its own. */
export const runEvent = (more: Record<string, unknown> = {}) => ({
  eventTime: new Date().toISOString(),
  eventType: 'START',
  inputs: [],
  job: { namespace: 'shop', name: 'daily', facets: {} },
  outputs: [],
  producer: 'https://example.com/my-producer',
  run: { runId: newUuid(), facets: {} },
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  ...more,
});

/** What of a customer is in the queue, in the order of its arrival. */
export const keptEvents = (customerId: string) =>
  db().select().from(lineageEvents).where(eq(lineageEvents.customerId, customerId)).orderBy(lineageEvents.eventId);

/** An event of the customer that was given up after all attempts; answers its id. */
export async function insertGivenUpEvent(
  { customerId }: { customerId: string },
  { event = runEvent(), lastError = 'It could not be applied.' } = {},
): Promise<number> {
  const rootRunId = event.run.runId;
  const [row] = await db()
    .insert(lineageEvents)
    .values({
      customerId,
      rootRunId,
      runKey: `${customerId}/${rootRunId}`,
      apiKeyId: 'key_given_up',
      sentBy: 'api_key:key_given_up',
      eventTime: new Date(event.eventTime),
      event,
      bytes: JSON.stringify(event).length,
      status: lineageWords.dead,
      attempts: 6,
      lastError,
    })
    .returning({ eventId: lineageEvents.eventId });
  if (!row) throw new Error('the event was not inserted');
  return row.eventId;
}
