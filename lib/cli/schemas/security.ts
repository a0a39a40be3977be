/** `cli schemas security plan|apply`: row security of the customers dataset (document 003, Row-Level Security Setup). */
import { command } from '@/lib/cli/command';
import { type Choices, openTarget, print, targetArgs } from '@/lib/cli/schemas/target';
import { catalogRequest } from '@/lib/platform/bigquery/data-catalog';
import { secureDatasets } from '@/lib/warehouse/schemas/security/security';

type Values = Choices & { reader: string[]; operator: string[] };

/** Returns 0 when all is in place or was made, 2 when plan found something missing. */
async function secure(values: Values, make: boolean): Promise<number> {
  const { client, dataset, location } = await openTarget({ ...values, folder: 'customers' });
  const pipelineService = `serviceAccount:pipeline-service@${await client.getProjectId()}.iam.gserviceaccount.com`;
  const outcomes = await secureDatasets(
    {
      client,
      catalog: catalogRequest(),
      dataset,
      location,
      readers: values.reader.length > 0 ? values.reader : [pipelineService],
      operators: values.operator,
    },
    make,
  );
  for (const { what, state } of outcomes) print(`${state.padEnd(18)} ${what}`);
  const count = (state: string) => outcomes.filter(outcome => outcome.state === state).length;
  const unavailable = count('not available here');
  print(
    `${count('present')} present, ${count('made')} made, ${count('missing')} missing, ${unavailable} not available here`,
  );
  if (unavailable) print('A local BigQuery has no access control and no policy tags; run this against the service.');
  return count('missing') ? 2 : 0;
}

const { project, dataset, location } = targetArgs;
const member = (what: string) =>
  ({
    type: 'string',
    several: true,
    description: `${what}, as serviceAccount:… or group:…`,
    valueHint: 'member',
  }) as const;
const args = {
  project,
  dataset,
  location,
  reader: member('who may read through the views; several are possible'),
  operator: member('who may read the tagged columns; several are possible'),
};

export const securityCommands = {
  plan: command({
    description: 'what apply would make; exit 2 when something is missing',
    args,
    run: values => secure(values, false),
  }),
  apply: command({
    description: 'make views for people, policy tags and grants',
    args,
    run: values => secure(values, true),
  }),
};
