/** Results of Great Expectations. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import {
  greatExpectationsOfWorker,
  greatExpectations as ofCheckpoint,
  openLineageVariables,
} from '@/app/docs/_samples/orchestrators';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'great-expectations',
  title: 'Great Expectations',
  lead: 'A checkpoint’s result becomes checks of your tables by twenty lines of your own, which leave the values of rows where they are.',
  sections: [
    {
      id: 'checkpoint',
      title: 'The result of a checkpoint',
      blocks: [
        'Great Expectations 1.x has no OpenLineage of its own, so the result is posted by OpenLineage’s client.',
        { code: 'pip install openlineage-python', language: 'bash', label: 'the installation' },
        { code: openLineageVariables(address), language: 'bash', label: 'the variables of OpenLineage' },
        { code: ofCheckpoint, language: 'python', label: 'a function that reports a result' },
        'Call it with what the checkpoint answered: `report(checkpoint.run(), "bigquery", "shop.main.orders")`. Each suite is a run named after it, with one check. Severity `critical` fails it; `warning` and `info` make a WARNING.',
      ],
    },
    {
      id: 'rows',
      title: 'Values of rows are left out',
      blocks: [
        'A result holds rows of your data: `partial_unexpected_list` and its counts, `observed_value`, which may be the largest name or a list of addresses, and tracebacks. The function sends the name of the expectation, its column, whether it held, and how many rows did not: enough to see what broke and since when.',
        'What you add to it is stored for as long as the run is, and every member of your organization reads it.',
      ],
    },
    {
      id: 'worker',
      title: 'Within a worker’s run',
      blocks: [
        'A worker that reports by [the Python client](/docs/python) adds the suites to its own run:',
        { code: greatExpectationsOfWorker, language: 'python', label: 'a function for a worker' },
        { tryIt: 'Open Data quality', href: '/data-quality' },
      ],
    },
    {
      id: 'tried',
      title: 'What was tried',
      blocks: [
        'The tests of this product run the first function as it stands here on a checkpoint of Great Expectations 1.24 over pandas, and look for the rows’ values in all that was sent: they find none. The second is run on a result of the same form that was written by hand.',
      ],
    },
  ],
});

export const greatExpectations: PageEntry = { slug: 'great-expectations', title: 'Great Expectations', content };
