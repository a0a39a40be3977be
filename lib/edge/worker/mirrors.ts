/** Every mirror of the product, and what the relay needs to write them. */
import { auditMirror } from '@/lib/domains/audit/mirror';
import { credentialsMirror } from '@/lib/domains/credentials/mirror';
import { tenantDatasetOf, tenantDatasets } from '@/lib/domains/customers/datasets';
import { customersMirror } from '@/lib/domains/customers/mirror';
import { customerApiKeysMirror, tenantApiKeysMirror } from '@/lib/domains/keys/mirror';
import { configsMirror } from '@/lib/domains/providers/mirror';
import {
  commitsMirror,
  etagStateMirror,
  pullRequestDetailsMirror,
  pullRequestsMirror,
} from '@/lib/domains/pull-requests/mirror';
import { usageDaysMirror } from '@/lib/domains/quotas/mirror';
import { dqResultsMirror, runDetailsMirror, runsMirror, stepLogsMirror } from '@/lib/domains/runs/mirror';
import { invoicesMirror, subscriptionChangesMirror, subscriptionsMirror } from '@/lib/domains/subscriptions/mirror';
import { teamMembersMirror } from '@/lib/domains/team/mirror';
import { etlRunsMirror } from '@/lib/domains/traces/mirror';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import type { RelayDeps } from '@/lib/warehouse/mirror/context';
import { type Mirror, registerMirrors } from '@/lib/warehouse/mirror/define-mirror';
import { applySchemas, ensureTenantDataset } from '@/lib/warehouse/schemas/apply';
import { getDataset } from '@/lib/warehouse/schemas/rest';

/** 25 DML statements a table in 10 s, which only the service counts. */
const servicePaceMs = 400;

/** The shared dataset is made by an operator, who chooses its place and who may read it; only its tables grow here. */
async function growCustomers() {
  if (!(await getDataset(bigquery(), 'customers')))
    throw new Error('BigQuery has no dataset customers: run `npm run cli -- schemas apply`');
  const location = env().BIGQUERY_LOCATION;
  return applySchemas(bigquery(), { dataset: 'customers', folder: 'customers', location, additiveOnly: true });
}

async function ensureDataset(dataset: string): Promise<void> {
  const changes = await (dataset === 'customers'
    ? growCustomers()
    : ensureTenantDataset(bigquery(), dataset, env().BIGQUERY_LOCATION));
  for (const { kind, table, column, detail } of changes) {
    const change = { dataset, table, column, kind, detail };
    if (kind === 'refuse')
      log().error(change, 'a table is not of the shape of this version and cannot be changed in place');
    else log().info(change, 'a dataset was brought to its definitions');
  }
}

const allMirrors = [
  auditMirror,
  customersMirror,
  customerApiKeysMirror,
  tenantApiKeysMirror,
  usageDaysMirror,
  runsMirror,
  runDetailsMirror,
  stepLogsMirror,
  dqResultsMirror,
  subscriptionsMirror,
  subscriptionChangesMirror,
  invoicesMirror,
  teamMembersMirror,
  credentialsMirror,
  configsMirror,
  etlRunsMirror,
  pullRequestsMirror,
  pullRequestDetailsMirror,
  commitsMirror,
  etagStateMirror,
] as unknown as readonly Mirror[];

/** Makes every mirror of the product known to this process. */
export const registerAllMirrors = (): void => registerMirrors(allMirrors);

/** What the relay of this process works with; for startRelay, flushOnce, verify and rebuild. Knows every mirror. */
export function relayDeps(): RelayDeps {
  registerAllMirrors();
  return {
    mirrors: allMirrors,
    bigquery: bigquery(),
    resolveDataset: tenantDatasetOf,
    listDatasets: tenantDatasets,
    ensureDataset,
    paceMs: env().BIGQUERY_API_URL ? 0 : servicePaceMs,
  };
}
