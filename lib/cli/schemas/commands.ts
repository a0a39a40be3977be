/** `cli schemas …`: plan, apply, back up and recreate BigQuery tables, and set up row security. */
import { join } from 'node:path';
import type { CommandDef } from 'citty';
import { type Args, command, WrongUse } from '@/lib/cli/command';
import { withAgentLog } from '@/lib/cli/schemas/agent-logs';
import { recreate } from '@/lib/cli/schemas/recreate';
import { report } from '@/lib/cli/schemas/report';
import { securityCommands } from '@/lib/cli/schemas/security';
import { type Choices, openTarget, print, type Target, targetArgs } from '@/lib/cli/schemas/target';
import { eachTenant, type TenantWork } from '@/lib/cli/schemas/tenants';
import { BigQueryStatementError } from '@/lib/platform/bigquery/bigquery';
import { applySchemas } from '@/lib/warehouse/schemas/apply';
import { backupSchema, backupToBucket, backupToFile } from '@/lib/warehouse/schemas/backup';
import { createTable } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { runDdl } from '@/lib/warehouse/schemas/rest';

/** Lets BigQuery check the CREATE TABLE statements without running them. */
async function dryRun({ client, dataset, folder, location }: Target): Promise<number> {
  const definitions = loadDefinitions(folder);
  const problems: string[] = [];
  for (const definition of definitions) {
    try {
      await runDdl(client, createTable(`\`${dataset}\``, definition), location, true);
    } catch (error) {
      if (!(error instanceof BigQueryStatementError)) throw error;
      problems.push(`! ddl ${dataset}.${definition.table}: ${error.message}`);
    }
  }
  for (const problem of problems) print(problem);
  print(`DDL dry run: ${definitions.length - problems.length} of ${definitions.length} statements valid`);
  return problems.length ? 2 : 0;
}

type TenantsChoices = Choices & { 'all-tenants': boolean; json: boolean };

function refuseJson(values: TenantsChoices): void {
  if (values.json) throw new WrongUse('--json goes with --all-tenants.');
}

async function plan(values: TenantsChoices): Promise<number> {
  if (values['all-tenants']) {
    const work: TenantWork['work'] = ({ client, folder, ...rest }) =>
      planSchemas(client, { ...rest, definitions: loadDefinitions(folder) });
    return eachTenant(values, { done: 'to make', work: withAgentLog(work, { makes: false }), resumes: false });
  }
  refuseJson(values);
  const target = await openTarget(values);
  const { client, dataset, folder, location } = target;
  const changes = await planSchemas(client, { dataset, location, definitions: loadDefinitions(folder) });
  const code = report(changes, 'to make');
  if (!changes.some(change => change.kind === 'create_dataset')) return Math.max(code, await dryRun(target));
  print('DDL dry run: left out, it needs the dataset');
  return code;
}

const applyTenant: TenantWork['work'] = ({ client, ...rest }) => applySchemas(client, rest);

async function apply(values: TenantsChoices): Promise<number> {
  if (values['all-tenants'])
    return eachTenant(values, { done: 'made', work: withAgentLog(applyTenant, { makes: true }), resumes: true });
  refuseJson(values);
  const { client, ...target } = await openTarget(values);
  const changes = await applySchemas(client, { ...target, onProgress: print });
  return report(changes, 'made');
}

async function backup(values: Choices & { bucket: string | undefined; out: string | undefined }): Promise<number> {
  if (values.bucket !== undefined && !/^gs:\/\/[a-z0-9][a-z0-9._-]+/.test(values.bucket))
    throw new WrongUse(`--bucket must be gs://name, not ${values.bucket}.`);
  const { client, dataset, folder } = await openTarget(values);
  // A folder a run: a second backup must not write over the first.
  const out = values.out ?? join('.local', 'backup', new Date().toISOString().replaceAll(':', '-'));
  for (const { table } of loadDefinitions(folder)) {
    const source = { client, dataset, table };
    const schema = await backupSchema(source, out);
    if (!schema) {
      print(`${dataset}.${table}: does not exist, nothing to save`);
      continue;
    }
    print(`${dataset}.${table}: schema in ${schema.path}`);
    if (values.bucket) print(`${dataset}.${table}: data in ${await backupToBucket(source, values.bucket)}`);
    else {
      const data = await backupToFile(source, schema.fields, out);
      print(`${dataset}.${table}: ${data.count} rows in ${data.path}`);
    }
  }
  return 0;
}

const { project, folder, location } = targetArgs;
const tenantsArgs = {
  ...targetArgs,
  'all-tenants': {
    type: 'boolean',
    description:
      'the own datasets of all customers instead, which Postgres names, and their agent logs; part of every deployment',
  },
  json: { type: 'boolean', description: 'with --all-tenants: the report as JSON, progress on standard error' },
} as const satisfies Args;

export const schemasCommands = {
  plan: command({
    description: 'what apply would change; checks the DDL too; exit 2 when a change is refused',
    args: tenantsArgs,
    run: plan,
  }),
  apply: command({
    description:
      'create and evolve the tables; repeating it changes nothing, and goes on where --all-tenants was cut off; exit 2 when a change is refused',
    args: tenantsArgs,
    run: apply,
  }),
  backup: command({
    description: 'save schema JSON and data: AVRO in a bucket, or NDJSON in a folder',
    args: {
      ...targetArgs,
      bucket: { type: 'string', description: 'gs://name', valueHint: 'url' },
      out: { type: 'string', description: 'the folder; .local/backup/<time> unless named', valueHint: 'folder' },
    },
    run: backup,
  }),
  recreate: command({
    description: 'delete a table with all its rows and create it anew; rows that Postgres holds are written back',
    args: {
      dataset: { type: 'positional', description: "customers, a customer's own dataset, or the customer's id" },
      table: { type: 'positional', description: 'as customer_profiles' },
      project,
      folder,
      location,
      confirm: {
        type: 'string',
        description: "the table's name once more, where nobody is asked for it; without it nothing is deleted",
        valueHint: 'table',
      },
      'i-know': { type: 'boolean', description: 'asked for in production, beside --confirm' },
    },
    run: recreate,
  }),
  security: {
    meta: { description: 'views for people, policy tags and grants' },
    subCommands: securityCommands,
  } satisfies CommandDef,
};
