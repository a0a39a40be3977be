/** `cli schemas security plan|apply`: row security of the customers dataset (document 003, Row-Level Security Setup). */
import { parseArgs } from 'node:util';
import { openTarget, print, targetOptions } from '@/lib/cli/schemas-target';
import { catalogRequest } from '@/lib/platform/bigquery/data-catalog';
import { secureDatasets } from '@/lib/warehouse/schemas/security/security';

const options = {
  ...targetOptions,
  reader: { type: 'string', multiple: true },
  operator: { type: 'string', multiple: true },
} as const;

/** Returns 0 when all is in place or was made, 2 when plan found something missing. */
export async function schemasSecurity(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [mode] = positionals;
  if ((mode !== 'plan' && mode !== 'apply') || positionals.length !== 1) {
    print('security takes plan or apply');
    return 1;
  }
  const { client, dataset, location } = await openTarget({ ...values, folder: 'customers' });
  const pipelineService = `serviceAccount:pipeline-service@${await client.getProjectId()}.iam.gserviceaccount.com`;
  const outcomes = await secureDatasets(
    {
      client,
      catalog: catalogRequest(),
      dataset,
      location,
      readers: values.reader ?? [pipelineService],
      operators: values.operator ?? [],
    },
    mode === 'apply',
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
