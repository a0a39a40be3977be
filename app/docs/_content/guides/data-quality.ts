/** Results of checks. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { newUuid, now, variable } from '@/app/docs/_samples/made';
import { requestSample } from '@/app/docs/_samples/request';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'data-quality',
  title: 'Data quality',
  lead: 'Report what your checks of a table found, from Great Expectations or your own; see which tables fail, and since when.',
  sections: [
    {
      id: 'report',
      title: 'Reporting a result',
      blocks: [
        'A result belongs to a run. It names the table, the suite that was checked, how many expectations passed and failed, and, if you like, the failed ones.',
        {
          sample: requestSample('quality-report', 'Report a result', {
            method: 'POST',
            address,
            path: ['/v1/runs/', variable('RUN_ID'), '/dq-results'],
            auth: 'key',
            body: {
              dq_results: [
                {
                  dq_result_id: newUuid,
                  target_table: 'my-project.billing.costs',
                  dq_config_id: 'costs_suite',
                  executed_at: now,
                  expectations_passed: 11,
                  expectations_failed: 1,
                  overall_status: 'FAIL',
                  failed_expectations: [{ expectation_type: 'expect_column_values_to_not_be_null', column: 'cost' }],
                },
              ],
            },
          }),
        },
        'A result that is stored stays as it was first sent, so a repeat is safe.',
      ],
    },
    {
      id: 'read',
      title: 'Reading results',
      blocks: [
        {
          sample: requestSample('quality-read', 'Read the results of a run', {
            method: 'GET',
            address,
            path: ['/v1/runs/', variable('RUN_ID'), '/dq-results'],
            auth: 'key',
          }),
        },
      ],
    },
    {
      id: 'pages',
      title: 'In the portal',
      blocks: [
        'Each table that was checked in the last 30 days is a row, failing ones first, with a mark for each day. It stands as the worst last result of its suites says. The page of a table has the trend of each expectation that failed.',
        { tryIt: 'Open Data quality', href: '/data-quality' },
      ],
    },
  ],
});

export const dataQuality: PageEntry = { slug: 'data-quality', title: 'Data quality', content };
