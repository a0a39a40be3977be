/** Airflow, by its own OpenLineage provider. */
import type { Addresses, DocsPage, PageEntry } from '@/app/docs/_content/types';
import { airflowConfig, airflowTask, airflowVariables } from '@/app/docs/_samples/orchestrators';

const content = ({ dataPlane: address }: Addresses): DocsPage => ({
  slug: 'airflow',
  title: 'Airflow',
  lead: 'Each run of a DAG is a run here and its tasks are steps, by Airflow’s own OpenLineage provider. No DAG changes.',
  sections: [
    {
      id: 'set-up',
      title: 'Setting it up',
      blocks: [
        'The provider must be where the scheduler and the workers are.',
        {
          code: 'pip install apache-airflow-providers-openlineage',
          language: 'bash',
          label: 'the installation',
        },
        'Then say in `airflow.cfg` where to report, with a key of the scope `runs:write`:',
        { code: airflowConfig(address), language: 'text', label: 'a part of airflow.cfg' },
        'or by the variables of the scheduler and the workers:',
        { code: airflowVariables(address), language: 'bash', label: 'the variables of Airflow' },
        'The namespace tells installations apart; the pipeline is the DAG’s id.',
      ],
    },
    {
      id: 'seen',
      title: 'What you see',
      blocks: [
        {
          list: [
            'The run of the DAG with its state, its nominal times and its configuration as parameters.',
            'Each task as a step, `<dag>.<task>`, with its error. A task that is tried again is a step for each try.',
            'What operators say of their datasets: rows written, SQL, and assertions of the SQL check operators as checks.',
          ],
        },
        'Airflow decides about its runs: they are **observed** here, take no quota, and are started and cancelled there.',
        { tryIt: 'Open Runs', href: '/runs?origin=observed' },
      ],
    },
    {
      id: 'dbt',
      title: 'dbt in a task',
      blocks: [
        'Hand the run down, and dbt’s models and tests are steps and checks of the DAG’s run:',
        { code: airflowTask, language: 'python', label: 'a task that runs dbt' },
        'The worker needs [dbt-ol and its two variables](/docs/dbt).',
      ],
    },
    {
      id: 'tried',
      title: 'What was tried',
      blocks: [
        'The tests of this product run DAGs by `airflow dags test` in Airflow 3.3 with provider 2.20: the variables above, tasks that succeed and fail, and dbt in a task as above. They run no scheduler, which adds the START of a DAG, and read no `airflow.cfg`; Airflow takes a setting from either.',
      ],
    },
  ],
});

export const airflow: PageEntry = { slug: 'airflow', title: 'Airflow', content };
