/** Events of OpenLineage: what they become, and how they are answered. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { newUuid } from '@/app/docs/_samples/made';
import { eventRequest, openLineageSettings, openLineageVariables } from '@/app/docs/_samples/orchestrators';
import { requestSample } from '@/app/docs/_samples/request';
import {
  lineageSizes,
  mostSteps,
  oldestDays,
  settleSeconds,
  silenceHours,
  unreportedMinutes,
} from '@/lib/domains/lineage/rules';

const million = 1_000_000;

const becomes: readonly (readonly [string, string])[] = [
  ['a run that is nobody’s child', 'a run; its UUID is the run’s id here'],
  [
    '`job.namespace`, `job.name`',
    'the pipeline: the name, with other signs than letters, digits, `_`, `.` and `-` as `_`',
  ],
  ['`parent.root`, else `parent`', 'the run that the event belongs to; the child is a step of it'],
  ['`START`, `RUNNING`', 'the run or step is RUNNING'],
  ['`COMPLETE`, `FAIL`', 'COMPLETED, FAILED'],
  ['`ABORT`', 'a run is CANCELLED, a step SKIPPED'],
  ['`jobType`', 'the step’s type'],
  ['`outputStatistics.rowCount`', 'rows processed'],
  ['`errorMessage`', 'the error; where there is none, the first assertion that failed'],
  ['`dataQualityAssertions`', 'a check of that dataset: a failure of severity `warn` is a WARNING, any other a FAIL'],
  ['all other facets', 'parameters of the run, metadata of the step'],
];

const answers: readonly (readonly [string, string])[] = [
  ['201', 'It is stored for good: also where it was sent before, comes late, or has facets that nobody knows.'],
  ['400', 'It cannot be read. `errors` says where, as `run.runId`; of a batch the others are stored.'],
  ['401, 403', 'The key is wrong, or lacks `runs:write`.'],
  ['413', 'It is too large.'],
  [
    '503',
    'Not now, with `Retry-After`: too many events in this minute, too many steps, or we are away. Send it again.',
  ],
];

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'openlineage',
  title: 'OpenLineage',
  lead: 'Whatever speaks OpenLineage reports its runs here: dbt, Airflow, Dagster and programs with its Python client by two variables, others by their own settings.',
  sections: [
    {
      id: 'settings',
      title: 'Address and key',
      blocks: [
        'A key with the scope `runs:write`, and the address of the data plane. OpenLineage’s clients add `/api/v1/lineage` themselves.',
        { code: openLineageVariables(address), language: 'bash', label: 'the variables of OpenLineage' },
        'Every setting of the client has a variable of its own. These send compressed:',
        { code: openLineageSettings(address), language: 'bash', label: 'single settings of OpenLineage' },
        '[dbt](/docs/dbt), [Airflow](/docs/airflow), [Dagster](/docs/dagster) and [Great Expectations](/docs/great-expectations) have pages of their own, which say what was tried. Spark and Flink send the same events by OpenLineage’s Java client and its own settings; we have not tried them. A worker of yours that asks for quota before it starts uses [the Python client](/docs/python) instead.',
        { tryIt: 'Create an API key', href: '/keys/new' },
      ],
    },
    {
      id: 'by-hand',
      title: 'An event by hand',
      blocks: [
        'No package is needed: an event is one request. One event that ends a run is enough for it to be there; a START before it tells how long it took.',
        {
          sample: requestSample(
            'openlineage-complete',
            'Report a run that has ended',
            eventRequest(address, { eventType: 'COMPLETE' }),
          ),
        },
        'A check of a table, with what it expected and found. An assertion has `success`, and may have `column`, `severity` (`error` or `warn`), `expected` and `actual`:',
        {
          sample: requestSample(
            'openlineage-check',
            'Report a check of a table',
            eventRequest(address, {
              eventType: 'FAIL',
              inputs: [
                {
                  namespace: 'bigquery',
                  name: 'shop.main.orders',
                  inputFacets: {
                    dataQualityAssertions: {
                      assertions: [
                        { assertion: 'unique', column: 'order_id', success: true },
                        {
                          assertion: 'not_null',
                          column: 'customer_id',
                          success: false,
                          severity: 'error',
                          actual: '3',
                        },
                      ],
                    },
                  },
                },
              ],
            }),
          ),
        },
        'A step names its run, by the facet `parent`. Several events go in one request, as an array, to [/api/v1/lineage/batch](/docs/api/lineage).',
        {
          sample: requestSample(
            'openlineage-step',
            'Report a step of a run',
            eventRequest(address, {
              eventType: 'COMPLETE',
              run: {
                runId: newUuid,
                facets: {
                  parent: { run: { runId: newUuid }, job: { namespace: 'shop', name: 'daily_costs' } },
                },
              },
              job: { namespace: 'shop', name: 'daily_costs.load', facets: { jobType: { jobType: 'TASK' } } },
            }),
          ),
        },
      ],
    },
    {
      id: 'becomes',
      title: 'What becomes of an event',
      blocks: [
        { caption: 'What becomes of an event', head: ['In the event', 'Here'], rows: becomes },
        'A run that its orchestrator started is **observed**: it says so beside its trigger, takes no quota and no place, is never refused, and cannot be cancelled or run again from here. A run that a worker started by [POST /v1/runs](/docs/runs) under the same UUID is that run: it keeps its quota, and its events add to it.',
        `Order does not matter, nor how often an event comes: the same events always come to the same run. The start of a run is settled ${settleSeconds} seconds after we first heard of it; one that is told later stands beside it.`,
        `A run that says nothing for ${silenceHours} hours is FAILED. One whose own events never come, as where its orchestrator reports its tasks alone, ends ${unreportedMinutes} minutes after the last of them. What comes later still counts.`,
      ],
    },
    {
      id: 'answers',
      title: 'Answers',
      blocks: [
        { caption: 'Answers to events', head: ['Status', 'Meaning'], rows: answers },
        'Never 409 or 429, at which clients drop an event or hold their pipeline up. Events count as no API call. Clients try again after 503 and where nobody answers, a few times within seconds; what they then drop is lost, and dbt’s can be [sent again](/docs/dbt#again).',
      ],
    },
    {
      id: 'limits',
      title: 'Limits',
      blocks: [
        {
          list: [
            'A customer’s events a minute: 6,000, unless the operator set another number; and 50 MB of them in ten seconds.',
            `An event: ${lineageSizes.eventBytes / million} MB. A batch: ${lineageSizes.events.toLocaleString('en')} events, ${lineageSizes.bodyBytes / million} MB as sent, ${lineageSizes.plainBytes / million} MB unpacked.`,
            `Steps of a run: ${mostSteps.toLocaleString('en')}.`,
            `The first event of a run may be ${oldestDays} days old. Steps and checks are taken until 24 hours after the end of their run; what comes later is counted on the run as late, and not applied.`,
            'Dataset and job events are answered 201 and not kept, as they tell of no run.',
          ],
        },
      ],
    },
  ],
});

export const openLineage: PageEntry = { slug: 'openlineage', title: 'OpenLineage', content };
