/** From nothing to a run that has ended. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { variable } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'quickstart',
  title: 'Quickstart',
  lead: 'From an API key to a run that has ended, in four steps. Each sample runs as it stands once the variables are set.',
  sections: [
    {
      id: 'key',
      title: '1. Create an API key',
      blocks: [
        'An owner or an admin creates it in the portal, and it is shown once. For this page it needs the scopes `quota:read`, `runs:read` and `runs:write`.',
        { tryIt: 'Create an API key', href: '/keys/new' },
      ],
    },
    {
      id: 'first-call',
      title: '2. Make the first call',
      blocks: [
        'It answers what your plan allows and what is left of today. Days are UTC.',
        {
          sample: requestSample('quickstart-quota', 'Read the quota', {
            method: 'GET',
            address,
            path: ['/v1/quota'],
            auth: 'key',
          }),
        },
        'A `401` means that the key is missing or was not copied whole; the answer’s `type` leads to [what to do](/docs/errors).',
      ],
    },
    {
      id: 'start-a-run',
      title: '3. Start a run',
      blocks: [
        'A worker asks before it works. The answer is `201` with the run’s `pipeline_logging_id`, or a refusal that says why: the quota of the day is used, or as many runs are under way as the plan allows.',
        {
          sample: requestSample('quickstart-start', 'Start a run', {
            method: 'POST',
            address,
            path: ['/v1/runs'],
            auth: 'key',
            body: { pipeline_id: 'billing_daily', trigger_type: 'api', trigger_by: 'quickstart' },
          }),
        },
        'Keep the id as `RUN_ID`.',
      ],
    },
    {
      id: 'end-the-run',
      title: '4. End it',
      blocks: [
        'A run that ends frees its place at once. One that says nothing more fails when its lease runs out.',
        {
          sample: requestSample('quickstart-complete', 'End the run', {
            method: 'POST',
            address,
            path: ['/v1/runs/', variable('RUN_ID'), '/complete'],
            auth: 'key',
            body: { status: 'COMPLETED' },
          }),
        },
        { tryIt: 'See it among the runs', href: '/runs' },
      ],
    },
    {
      id: 'next',
      title: 'Where to go on',
      blocks: [
        {
          list: [
            '[Authentication](/docs/authentication): keys, scopes and rate limits.',
            '[Errors and limits](/docs/errors): every refusal, with what to do about it.',
            '[API reference](/docs/api): every call of the data plane.',
          ],
        },
      ],
    },
  ],
});

export const quickstart: PageEntry = { slug: 'quickstart', title: 'Quickstart', content };
