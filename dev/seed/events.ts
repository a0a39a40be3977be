/** The demo's event sources: made by the command, and their history sent through the product's own log. */
import { eq } from 'drizzle-orm';
import type { DemoSource } from '@/dev/seed/cast';
import { seededRandom } from '@/dev/seed/random';
import { type ShopRequest, sentBody, shopRequests } from '@/dev/seed/shop-events';
import type { Customer } from '@/lib/domains/customers/tables';
import { takeCalls } from '@/lib/domains/events/collect/take-calls';
import { eventConsumer } from '@/lib/domains/events/process/process-entries';
import { createSource } from '@/lib/domains/events/sources/commands';
import { sourceOfWriteKey } from '@/lib/domains/events/sources/source-of-write-key';
import { eventSources, eventWriteKeys } from '@/lib/domains/events/tables';
import { mayTakeEvents } from '@/lib/domains/events/volume/may-take-events';
import { loaderDeps } from '@/lib/edge/worker/ingest';
import { systemCtx } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { loadOnce } from '@/lib/warehouse/ingest/load/loader';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

const dayMs = 86_400_000;
const loadRounds = 3;

export type SeededSource = { source_id: string; name: string; write_key: string; dataset: string; customer_id: string };
/** `changesAt`: when a column gets another type; all of it comes after where none does. */
export type MadeSource = { source: SeededSource; requests: ShopRequest[]; changesAt: Date };

/** Makes the source as its admin would have; sends nothing yet. */
export async function seedSource(demo: DemoSource, customer: Customer, now: Date): Promise<MadeSource> {
  const { customerId, adminEmail } = customer;
  const createdAt = new Date(now.getTime() - (demo.days + 1) * dayMs);
  const { result } = await createSource(
    systemCtx('seed', customer, () => createdAt),
    { name: demo.name },
  );
  const { source_id, name, dataset } = result;
  const created = { createdBy: adminEmail };
  await db()
    .update(eventSources)
    .set({ ...created, updatedBy: adminEmail })
    .where(eq(eventSources.sourceId, source_id));
  await db()
    .update(eventWriteKeys)
    .set({ ...created, lastUsedAt: now })
    .where(eq(eventWriteKeys.sourceId, source_id));
  const { seed, days, ...shop } = demo;
  const requests = shopRequests({ ...shop, days, random: seededRandom(seed), now });
  const write_key = result.write_keys[0]?.write_key ?? '';
  const changesAt =
    demo.orderNamesSinceDays === null ? createdAt : new Date(now.getTime() - demo.orderNamesSinceDays * dayMs);
  return { source: { source_id, name, write_key, dataset, customer_id: customerId }, requests, changesAt };
}

async function send({ source }: MadeSource, requests: readonly ShopRequest[]): Promise<void> {
  const door = { append: ingestLog('events').append, mayTakeEvents };
  const sender = await sourceOfWriteKey(source.write_key);
  if (!sender) throw new Error(`the write key of ${source.name} is not known`);
  await Promise.all(requests.map(request => takeCalls(door, sender, sentBody(request), request)));
}

/** Brings what was sent so far to BigQuery, as the worker does. */
async function load(sources: readonly MadeSource[]): Promise<void> {
  while ((await consumeOnce(eventConsumer)).entries > 0);
  const datasets = sources.map(({ source }) => source.dataset);
  // A local BigQuery on a busy machine does not answer each table in time; what is left then is the worker's.
  for (let round = 0; round < loadRounds; round++)
    if ((await loadOnce(loaderDeps(), { datasets })).failures.length === 0) return;
}

/**
 * Sends the history of these sources. What came before a column changed its type is loaded here, so that the change is seen
 * as one; the rest waits for the demo's worker.
 */
export async function sendHistory(sources: readonly MadeSource[]): Promise<void> {
  for (const made of sources)
    await send(
      made,
      made.requests.filter(({ receivedAt }) => receivedAt < made.changesAt),
    );
  await load(sources);
  for (const made of sources)
    await send(
      made,
      made.requests.filter(({ receivedAt }) => receivedAt >= made.changesAt),
    );
}
