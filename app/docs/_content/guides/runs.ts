/** The life of a run. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { newUuid, now, variable } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';
import { defaultLeaseSeconds } from '@/lib/domains/runs/input';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'runs',
  title: 'Runs',
  lead: 'A worker asks for a run, says that it lives, reports what it did, and ends it.',
  sections: [
    {
      id: 'start',
      title: 'Starting',
      blocks: [
        'A start takes one run of the day and one place of those at once, or is refused. With an `Idempotency-Key` the same call within 24 hours answers the first run again and takes nothing, so a worker that heard no answer may simply repeat it.',
        {
          sample: requestSample('runs-start', 'Start a run once', {
            method: 'POST',
            address,
            path: ['/v1/runs'],
            auth: 'key',
            headers: { 'Idempotency-Key': newUuid },
            body: {
              pipeline_id: 'billing_daily',
              trigger_type: 'scheduler',
              trigger_by: 'cron 0 2 * * *',
              parameters: { region: 'eu' },
              lease_seconds: 600,
            },
          }),
        },
      ],
    },
    {
      id: 'lease',
      title: 'Staying alive',
      blocks: [
        `A run holds a lease of ${defaultLeaseSeconds / 60} minutes unless the start says otherwise. A heartbeat begins it anew. Where it runs out, the run is FAILED and its place is free: a worker that was killed blocks nobody. Its answer, as that to a report, says in cancel_requested whether somebody asked to cancel: stop then, and end the run as CANCELLED.`,
        {
          sample: requestSample('runs-heartbeat', 'Extend the lease', {
            method: 'POST',
            address,
            path: ['/v1/runs/', variable('RUN_ID'), '/heartbeat'],
            auth: 'key',
            body: {},
          }),
        },
      ],
    },
    {
      id: 'steps',
      title: 'Reporting steps',
      blocks: [
        'A step is known by an id that you make. Sent again in the same state it adds what was learned since; a step that has ended goes back to no other state. Up to 500 in a batch, answered one by one.',
        {
          sample: requestSample('runs-steps', 'Report steps', {
            method: 'POST',
            address,
            path: ['/v1/runs/', variable('RUN_ID'), '/steps'],
            auth: 'key',
            body: {
              steps: [
                {
                  step_logging_id: newUuid,
                  step_name: 'load_costs',
                  step_type: 'bigquery_to_bigquery',
                  step_index: 0,
                  status: 'RUNNING',
                  start_time: now,
                },
              ],
            },
          }),
        },
      ],
    },
    {
      id: 'end',
      title: 'Ending',
      blocks: [
        'A run ends once as COMPLETED, FAILED or CANCELLED. The same end again answers the same; another one is [`run_finished`](/docs/errors#run_finished). Steps and checks are taken until 24 hours after the end.',
        {
          sample: requestSample('runs-fail', 'End a run that failed', {
            method: 'POST',
            address,
            path: ['/v1/runs/', variable('RUN_ID'), '/complete'],
            auth: 'key',
            body: { status: 'FAILED', error_message: 'The export was empty.' },
          }),
        },
      ],
    },
    {
      id: 'claim',
      title: 'Runs that wait',
      blocks: [
        '“Run again” in the portal and schedules of provider configs make runs that wait. A worker claims the oldest; where none waits, it may wait up to 30 seconds for one, or gets `204`.',
        {
          sample: requestSample('runs-claim', 'Claim a run', {
            method: 'POST',
            address,
            path: ['/v1/runs/claim'],
            auth: 'key',
            body: { worker_instance: 'worker-1', wait_seconds: 1 },
          }),
        },
      ],
    },
    {
      id: 'pages',
      title: 'In the portal',
      blocks: [
        'The list has every run with filters and CSV. One run shows its steps on a timeline, its checks, and similar runs. Pipelines shows how each did over 30 days and groups failures by kind.',
        { tryIt: 'Open Runs', href: '/runs' },
      ],
    },
  ],
});

export const runs: PageEntry = { slug: 'runs', title: 'Runs', content };
