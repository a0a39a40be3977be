/** Events of OpenLineage for tests, as clients write them, and what of them is in the queue. */
import { eq } from 'drizzle-orm';
import { lineageEvents } from '@/lib/domains/lineage/tables';
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
