/** A process for the tests that appends to the log until it is killed, and says which entries were acknowledged. */
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

const [name = ''] = process.argv.slice(2);
const callers = 16;
const log = ingestLog('events');
let next = 0;

async function call(): Promise<void> {
  for (;;) {
    const body = `${name}-${next++}`;
    await log.append({ key: 'src', meta: '{}', body });
    process.stdout.write(`${body}\n`);
  }
}
await Promise.all(Array.from({ length: callers }, call));
