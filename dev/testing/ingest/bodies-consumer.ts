/** A consumer for the tests: the bodies of entries become rows of one table. */
import { newUuid } from '@/lib/platform/ids';
import { takeChunks } from '@/lib/warehouse/ingest/spool/chunks';
import { defineConsumer } from '@/lib/warehouse/ingest/spool/consume';

const target = { dataset: 'shop', tableName: 'tracks' };

export const bodiesConsumer = () =>
  defineConsumer({
    log: 'events',
    name: 'bodies',
    run: async (_tx, entries) => [
      {
        ...target,
        chunkId: newUuid(),
        log: 'events',
        customerId: 'cus_test',
        mode: 'append',
        columns: { id: ['STRING'] },
        ndjson: entries.map(({ body }) => `${JSON.stringify({ id: body })}\n`).join(''),
        rows: entries.length,
      },
    ],
  });

/** Every body that the consumer has handed on, in the order of the chunks. */
export async function bodiesSpooled(): Promise<string[]> {
  const chunks = await takeChunks(target, { rows: 10_000_000, bytes: 1_000_000_000 });
  return chunks.flatMap(({ ndjson }) =>
    ndjson
      .split('\n')
      .filter(line => line !== '')
      .map(line => (JSON.parse(line) as { id: string }).id),
  );
}
