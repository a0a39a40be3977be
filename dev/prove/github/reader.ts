/** A process of the proof that reads one repository to its end: `<repository> <ms by which its clock is ahead>`. */
import { syncRepository } from '@/lib/domains/pull-requests/sync/sync-repository';
import { closeDb } from '@/lib/platform/db';

const [repositoryId = '', aheadMs = '0'] = process.argv.slice(2);
const clock = () => new Date(Date.now() + Number(aheadMs));
const { end } = await syncRepository(repositoryId, { clock, signal: new AbortController().signal, waits: 'note' });
await closeDb();
process.exitCode = end === 'done' ? 0 : 1;
