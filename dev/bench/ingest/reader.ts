/** A process of the bench that follows every shard of the log as a consumer does, until it is ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

const log = ingestLog('events');
const places = new Map<number, number>();
for (;;) {
  let isFull = false;
  for (const shard of await log.shards()) {
    const entries = await log.read(shard, places.get(shard) ?? 0, { entries: 2_000, bytes: 8 * 1_048_576 });
    places.set(shard, entries.at(-1)?.position ?? places.get(shard) ?? 0);
    isFull ||= entries.length >= 1_000;
  }
  if (!isFull) await sleep(200);
}
