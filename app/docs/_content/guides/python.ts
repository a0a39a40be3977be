/** Workers in Python, by our client. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { claimingWorker, pythonVariables, pythonWorker, reservingWorker } from '@/app/docs/_samples/python-workers';

const refusals: readonly (readonly [string, string])[] = [
  ['`QuotaExceeded`', 'the runs of the day or month are used; `resets_at` says until when'],
  ['`ConcurrencyExceeded`', 'as many runs as the plan allows run now; `retry_after` in seconds'],
  ['`AuthenticationError`, `PermissionDenied`', 'the key is wrong, or lacks the scope'],
  ['`Unavailable`', 'nobody answered for `reserve_timeout` (60) seconds'],
];

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'python',
  title: 'Python workers',
  lead: 'The client `tenantry` asks for quota, keeps a run alive, reports its steps and checks, and ends it. A report that fails never stops a pipeline.',
  sections: [
    {
      id: 'install',
      title: 'Installing it',
      blocks: [
        'Python 3.9 or later; its only dependency is httpx. It lies in the repository of this product:',
        { code: 'pip install ./clients/python', language: 'bash', label: 'the installation' },
        'It reads its address and a key with the scope `runs:write` from the environment:',
        { code: pythonVariables(address), language: 'bash', label: 'the variables of the client' },
      ],
    },
    {
      id: 'run',
      title: 'A run',
      blocks: [
        { code: pythonWorker, language: 'python', label: 'a run with a step and a check' },
        'The run is COMPLETED when the `with` is left. An exception that leaves it makes it FAILED, with the last line of its traceback as the error, and goes on unchanged. Steps may be nested and run in threads.',
      ],
    },
    {
      id: 'refused',
      title: 'Where no run is granted',
      blocks: [
        'Asking for a run is the only call that may stop a pipeline.',
        { code: reservingWorker, language: 'python', label: 'a run that may be refused' },
        { caption: 'Why a run is not granted', head: ['Exception', 'When'], rows: refusals },
        'Where a pipeline matters more than its count, `Client(on_unavailable="run")` lets it run unreported while we are away. A refusal stops it all the same.',
      ],
    },
    {
      id: 'claim',
      title: 'Runs that wait',
      blocks: [
        '“Run again” and [schedules](/docs/providers) make runs that wait for a worker:',
        { code: claimingWorker, language: 'python', label: 'a worker that waits for runs' },
      ],
    },
    {
      id: 'cancel',
      title: 'Cancelling',
      blocks: [
        'Who cancels a run in the portal is heard by the answer to its next report, or to a heartbeat within a minute: `run.cancelled` becomes true, and the next `run.step(…)` or `run.check_cancelled()` raises `RunCancelled`. A run that is left by it is CANCELLED.',
      ],
    },
    {
      id: 'reports',
      title: 'What becomes of reports',
      blocks: [
        'They are sent in the background, and again with growing pauses while nobody answers. Until then they lie in a file for each run, in `TENANTRY_SPOOL_DIR`, else in the user’s cache. A worker that was killed loses none of them: the next client with the same folder sends them. A run whose worker died without an end is FAILED when its lease runs out, and its place is free.',
        'The end of a run waits at most 10 seconds for its reports. In a cluster put the folder on a volume.',
        'Make one client a process, after any fork. There is no asyncio version.',
        { tryIt: 'Open Runs', href: '/runs' },
      ],
    },
  ],
});

export const pythonWorkers: PageEntry = { slug: 'python', title: 'Python workers', content };
