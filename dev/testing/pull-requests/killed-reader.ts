/** A process for the tests that reads one repository and dies of SIGKILL once a page is durable: `<repository> <page>`. */
import { syncRepository } from '@/lib/domains/pull-requests/sync/sync-repository';

const [repositoryId = '', page = ''] = process.argv.slice(2);
await syncRepository(repositoryId, {
  signal: new AbortController().signal,
  waits: 'note',
  onProgress: ({ what, done }) => {
    if (what === 'pulls' && done === Number(page)) process.kill(process.pid, 'SIGKILL');
  },
});
