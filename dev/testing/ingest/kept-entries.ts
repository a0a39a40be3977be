/** What a log holds of one key, for tests that look behind a door. */
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';
import type { Entry, LogName } from '@/lib/warehouse/ingest/log/log';

/** All entries of the key, in the order of their shards and positions. */
export async function keptEntries(name: LogName, key: string): Promise<Entry[]> {
  const log = ingestLog(name);
  const kept: Entry[] = [];
  for (const shard of await log.shards()) {
    for (let after = 0; ; ) {
      const entries = await log.read(shard, after, { entries: 1_000, bytes: 50_000_000 });
      if (entries.length === 0) break;
      kept.push(...entries.filter(entry => entry.key === key));
      after = entries.at(-1)?.position ?? after;
    }
  }
  return kept;
}

/** The rows of an entry whose body holds one JSON a line. */
export const rowsOfEntry = <Row>({ body }: Entry): Row[] =>
  body
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Row);
