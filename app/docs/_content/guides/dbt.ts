/** dbt, by OpenLineage's wrapper of it. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { dbtCommands } from '@/app/docs/_samples/orchestrators';

const seen: readonly (readonly [string, string, string])[] = [
  ['when events come', 'at the end', 'while dbt runs'],
  ['models and seeds', 'a step each', 'a step each, its statements below it'],
  ['tests', 'a step a model', 'a step a test'],
  ['checks', 'a check a model, with all its tests', 'a check a test'],
  ['why a model failed', 'not told', 'dbt’s own message'],
  ['what a failed test kept from being built', 'its tests are SKIPPED', 'models and tests are SKIPPED'],
];

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'dbt',
  title: 'dbt',
  lead: 'Each dbt run, test and build is a run here: its models are steps, its tests are checks. Nothing of your project changes.',
  sections: [
    {
      id: 'set-up',
      title: 'Setting it up',
      blocks: [
        'OpenLineage’s wrapper `dbt-ol` runs dbt as it is and reports what it did.',
        { code: 'pip install openlineage-dbt', language: 'bash', label: 'the installation' },
        { code: dbtCommands(address), language: 'bash', label: 'dbt with its report' },
        'It takes the words that dbt takes, and ends with dbt’s own code. Where we are away it tries again, says so in its log, and dbt goes on.',
      ],
    },
    {
      id: 'two-ways',
      title: 'With and without the logs',
      blocks: [
        'With `--consume-structured-logs` it follows dbt’s log; without, it reads dbt’s files once dbt has ended.',
        { caption: 'Both ways to report', head: ['What', 'Without', 'With'], rows: seen },
        'A test of severity `warn` that fails makes a WARNING and no failed run. A test that was skipped neither passed nor failed.',
      ],
    },
    {
      id: 'names',
      title: 'Names',
      blocks: [
        'The pipeline is `dbt-run-<project>` for every command. Give each schedule a name of its own, so that its runs stand together:',
        {
          code: 'export OPENLINEAGE_NAMESPACE=shop\nexport OPENLINEAGE_DBT_JOB_NAME=nightly-build',
          language: 'bash',
          label: 'the names of a schedule',
        },
        'The namespace is `dbt` unless it is named. `dbt seed` alone is reported as a run without steps, unless the logs are followed.',
      ],
    },
    {
      id: 'again',
      title: 'Sending a run again',
      blocks: [
        'What did not arrive is sent again from dbt’s files of its last command, in the same project:',
        { code: 'dbt-ol send-events', language: 'bash', label: 'the last run, sent again' },
        'It comes under new ids. As the invocation is the same, it adds to the run that is there, and a run that failed stays failed.',
      ],
    },
    {
      id: 'below',
      title: 'Below an orchestrator',
      blocks: [
        'Where Airflow starts dbt, [its task hands down](/docs/airflow#dbt) which run it belongs to: models are then steps of the DAG’s run. Others do so by `OPENLINEAGE_PARENT_ID`, which is namespace, job and the run’s UUID with `/` between them.',
        { tryIt: 'Open Runs', href: '/runs?origin=observed' },
      ],
    },
    {
      id: 'tried',
      title: 'What was tried',
      blocks: [
        'The tests of this product run dbt 1.10 with DuckDB through openlineage-dbt 1.54: run, test and build, both ways, with a failing test, a warning, a failing model, an outage, and sent again.',
      ],
    },
  ],
});

export const dbt: PageEntry = { slug: 'dbt', title: 'dbt', content };
