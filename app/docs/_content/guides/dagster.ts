/** Dagster, by its community's OpenLineage package. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { dagsterDefinitions, openLineageVariables } from '@/app/docs/_samples/orchestrators';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'dagster',
  title: 'Dagster',
  lead: 'Each run of a job is a run here; ops and assets are its steps, asset checks are checks. By a sensor that you add to your definitions.',
  sections: [
    {
      id: 'set-up',
      title: 'Setting it up',
      blocks: [
        { code: 'pip install dagster-openlineage', language: 'bash', label: 'the installation' },
        'Where Dagster’s daemon runs, with a key of the scope `runs:write`:',
        {
          code: `${openLineageVariables(address)}\nexport OPENLINEAGE_NAMESPACE=shop`,
          language: 'bash',
          label: 'the variables of the daemon',
        },
        'Add the sensor, and switch it on in Dagster’s pages. Assets and checks come only where it is told so:',
        { code: dagsterDefinitions, language: 'python', label: 'definitions with the sensor' },
        'It looks at the log of events every so many seconds, so runs appear with that delay. It needs a log in Postgres, MySQL or one file for all runs (`ConsolidatedSqliteEventLogStorage`): the SQLite log of a plain `dagster dev` cannot be read so.',
      ],
    },
    {
      id: 'seen',
      title: 'What you see',
      blocks: [
        {
          list: [
            'The job’s run, under Dagster’s own run id, and its end.',
            'A step for each op, `<job>.<op>`, and one for each asset. The end of an asset does not end the run.',
            'A check for each asset with checks, with those that passed and failed.',
          ],
        },
        'The package does not hand down what an exception said: the step of an asset says “asset planned for run, run ended before materialization”. Read the rest in Dagster.',
        { tryIt: 'Open Runs', href: '/runs?origin=observed' },
      ],
    },
    {
      id: 'storage',
      title: 'By the event log instead',
      blocks: [
        'The package’s `OpenLineageEventLogStorage` in `dagster.yaml` reports as things happen, but assets and checks alone: it tells of no run. Such a run is named after its first asset and ends five minutes after its last event. It tries each event once, for two seconds, and then drops it. Use one of both, never both.',
      ],
    },
    {
      id: 'tried',
      title: 'What was tried',
      blocks: [
        'The tests of this product run a job of assets and checks in Dagster 1.13 with dagster-openlineage 0.2.1, by the sensor as above and by the event log, with and without a failing asset. The sensor’s tick is called by the test in the place of the daemon.',
      ],
    },
  ],
});

export const dagster: PageEntry = { slug: 'dagster', title: 'Dagster', content };
