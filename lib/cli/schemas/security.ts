/** `cli schemas security plan|apply`: row security of the customers dataset (document 003, Row-Level Security Setup), and accounts of the query desk. */
import { command } from '@/lib/cli/command';
import { type DeskChoices, secureDesks } from '@/lib/cli/schemas/security-desk';
import { type Choices, openTarget, print, type Target, targetArgs } from '@/lib/cli/schemas/target';
import { googleApi, googleApis } from '@/lib/platform/http/google-api';
import { secureDatasets } from '@/lib/warehouse/schemas/security/security';
import type { SecurityOutcome } from '@/lib/warehouse/schemas/security/steps';

type Values = Choices & DeskChoices & { reader: string[]; operator: string[] };

async function secureCustomers({ client, dataset, location }: Target, values: Values, make: boolean) {
  const pipelineService = `serviceAccount:pipeline-service@${await client.getProjectId()}.iam.gserviceaccount.com`;
  return secureDatasets(
    {
      client,
      catalog: googleApi(googleApis.catalog),
      dataset,
      location,
      readers: values.reader.length > 0 ? values.reader : [pipelineService],
      operators: values.operator,
    },
    make,
  );
}

function tell(outcomes: SecurityOutcome[]): { missing: number } {
  for (const { what, state } of outcomes) print(`${state.padEnd(18)} ${what}`);
  const count = (state: string) => outcomes.filter(outcome => outcome.state === state).length;
  const unavailable = count('not available here');
  print(
    `${count('present')} present, ${count('made')} made, ${count('missing')} missing, ${unavailable} not available here`,
  );
  if (unavailable)
    print('A local BigQuery has no access control, no accounts and no policy tags; run this against the service.');
  return { missing: count('missing') };
}

/** Returns 0 when all is in place or was made, 1 when a customer's desk failed, 2 when plan found something missing. */
async function secure(values: Values, make: boolean): Promise<number> {
  const target = await openTarget({ ...values, folder: 'customers' });
  const ofCustomers = values.customer === undefined ? await secureCustomers(target, values, make) : [];
  const { outcomes, failed } = await secureDesks(target, values, make);
  const { missing } = tell([...ofCustomers, ...outcomes]);
  if (failed > 0) return 1;
  return missing ? 2 : 0;
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
  portal: {
    type: 'string',
    description: 'the account that the product runs as, which acts as the query desk’s: serviceAccount:…',
    valueHint: 'member',
  },
  customer: { type: 'string', description: 'only the query desk of this customer', valueHint: 'id' },
} as const;

export const securityCommands = {
  plan: command({
    description: 'what apply would make; exit 2 when something is missing',
    args,
    run: values => secure(values, false),
  }),
  apply: command({
    description: 'make views for people, policy tags and grants, and the accounts of the query desk',
    args,
    run: values => secure(values, true),
  }),
};
