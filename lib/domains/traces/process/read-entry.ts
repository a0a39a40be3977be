/** An entry of the log of traces as the door wrote it. */
import type { TraceEntryMeta } from '@/lib/domains/traces/collect/entry-meta';
import type { TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import type { DeadLetter } from '@/lib/domains/traces/runs/dead-letters';
import { log } from '@/lib/platform/log';
import type { Entry } from '@/lib/warehouse/ingest/log/log';

export type ReadEntry = {
  customerId: string;
  rows: TraceRow[];
  refused: DeadLetter[];
  /** Of all that was refused, also what is not kept. */
  refusedCount: number;
  assumedTimes: number;
};

function read({ key, meta: metaText, body }: Entry): ReadEntry {
  const meta = JSON.parse(metaText) as TraceEntryMeta;
  const lines = body.split('\n').filter(line => line !== '');
  return {
    customerId: key,
    rows: lines.map(line => JSON.parse(line) as TraceRow),
    refused: meta.refused.map(({ index, code, field, content }) => ({ line: index + 1, code, field, content })),
    refusedCount: meta.refusedCount,
    assumedTimes: meta.assumedTimes,
  };
}

/** Never throws: an entry that is not as the door writes it counts as one refused record, and is logged without its text. */
export function readEntry(entry: Entry): ReadEntry {
  try {
    return read(entry);
  } catch {
    log().error(
      { shard: entry.shard, position: entry.position },
      'an entry of the log of traces is not as the door writes it',
    );
    const letter = { line: 1, code: 'not_json', field: '', content: '' };
    return { customerId: entry.key, rows: [], refused: [letter], refusedCount: 1, assumedTimes: 0 };
  }
}
