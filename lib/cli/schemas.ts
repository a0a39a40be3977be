/** `cli schemas …`: plan, apply, back up and recreate BigQuery tables, and set up row security. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { report } from '@/lib/cli/schemas-report';
import { schemasSecurity } from '@/lib/cli/schemas-security';
import { openTarget, print, type Target, targetOptions } from '@/lib/cli/schemas-target';
import { eachTenant } from '@/lib/cli/schemas-tenants';
import { BigQueryStatementError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { envPart } from '@/lib/platform/env';
import { applySchemas } from '@/lib/warehouse/schemas/apply';
import { backupSchema, backupToBucket, backupToFile } from '@/lib/warehouse/schemas/backup';
import { createTable } from '@/lib/warehouse/schemas/ddl';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';
import { countRows, recreateTable } from '@/lib/warehouse/schemas/recreate';
import { runDdl } from '@/lib/warehouse/schemas/rest';

const usage = `Usage: schemas <command> [--project id] [--dataset name] [--folder customers|metadata] [--location US]
       schemas plan|apply --all-tenants [--project id] [--location US]

  plan                          what apply would change; checks the DDL too. Exit 2 when a change is refused
  apply                         create and evolve the tables; repeating it changes nothing. Exit 2 when a change is refused
  backup [--bucket gs://name]   schema JSON and data: AVRO in the bucket, or NDJSON below --out (default .local/backup/<time>)
  recreate <dataset.table> --yes
                                delete the table with all its rows and create it anew; in production also --i-know
  security plan|apply [--reader member]… [--operator member]…
                                views for people, policy tags, grants; members as serviceAccount:… or group:…

The dataset is \`customers\` unless --dataset names one; another name is taken for a customer's own (folder metadata).
--all-tenants takes the own datasets of all customers instead, which Postgres names; part of every deployment.`;

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

const tenantsOptions = { ...targetOptions, 'all-tenants': { type: 'boolean' } } as const;

async function plan(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: tenantsOptions });
  if (values['all-tenants']) {
    const definitions = loadDefinitions('metadata');
    return eachTenant(values, 'to make', ({ client, ...rest }) => planSchemas(client, { ...rest, definitions }));
  }
  const target = await openTarget(values);
  const { client, dataset, folder, location } = target;
  const changes = await planSchemas(client, { dataset, location, definitions: loadDefinitions(folder) });
  const code = report(changes, 'to make');
  if (!changes.some(change => change.kind === 'create_dataset')) return Math.max(code, await dryRun(target));
  print('DDL dry run: left out, it needs the dataset');
  return code;
}

async function apply(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: tenantsOptions });
  if (values['all-tenants']) return eachTenant(values, 'made', ({ client, ...rest }) => applySchemas(client, rest));
  const { client, ...target } = await openTarget(values);
  const changes = await applySchemas(client, target);
  return report(changes, 'made');
}

async function backup(args: string[]): Promise<number> {
  const options = { ...targetOptions, bucket: { type: 'string' }, out: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options });
  if (values.bucket !== undefined && !/^gs:\/\/[a-z0-9][a-z0-9._-]+/.test(values.bucket)) {
    print(`--bucket must be gs://name, not ${values.bucket}`);
    return 1;
  }
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

/** Why recreating must not happen, or null where it may. Document 002: recreation deletes all existing data. */
export function recreateRefusal(flags: { yes?: boolean; iKnow?: boolean; production: boolean }): string | null {
  if (!flags.yes) return 'Nothing was deleted. Repeat with --yes to delete them.';
  if (!flags.production || flags.iKnow) return null;
  return 'Nothing was deleted: this is production (NODE_ENV, or the BigQuery service). Change the schema in place with `schemas apply`; if the rows may go, add --i-know.';
}

async function recreate(args: string[]): Promise<number> {
  const options = { ...targetOptions, yes: { type: 'boolean' }, 'i-know': { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [dataset, table, ...rest] = (positionals[0] ?? '').split('.');
  if (!dataset || !table || rest.length || positionals.length !== 1) {
    print('recreate takes one table, as customers.customer_profiles');
    return 1;
  }
  const target = await openTarget({ ...values, dataset });
  const definition = loadDefinitions(target.folder).find(candidate => candidate.table === table);
  if (!definition) {
    print(`schemas/${target.folder} defines no table ${table}`);
    return 1;
  }
  const { NODE_ENV, BIGQUERY_API_URL } = envPart('NODE_ENV', 'BIGQUERY_API_URL');
  const production = NODE_ENV === 'production' || !BIGQUERY_API_URL;
  const refusal = recreateRefusal({ yes: values.yes, iKnow: values['i-know'], production });
  if (refusal && values.yes) {
    print(refusal);
    return 1;
  }
  const rows = await countRows(target.client, dataset, table);
  print(
    rows === null
      ? `${dataset}.${table} does not exist`
      : `${dataset}.${table} holds ${rows} rows; recreating deletes all of them`,
  );
  if (refusal) {
    print(refusal);
    return 1;
  }
  await recreateTable(target.client, dataset, definition);
  print(`${dataset}.${table} was created anew with ${definition.fields.length} columns and 0 rows`);
  return 0;
}

const commands: Record<string, (args: string[]) => Promise<number>> = {
  plan,
  apply,
  backup,
  recreate,
  security: schemasSecurity,
};

/** Runs `schemas <command> …` and returns the exit code: 0 done, 1 wrong use or failure, 2 a change was refused. */
export async function schemasCommand(args: string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    print(usage);
    return name === 'help' || name === '--help' ? 0 : 1;
  }
  try {
    return await command(rest);
  } catch (error) {
    const expected = error instanceof BigQueryStatementError || error instanceof BigQueryUnavailableError;
    const wrongUse = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!expected && !wrongUse && !(error instanceof Error && error.constructor === Error)) throw error;
    print(`schemas ${name} failed: ${error.message}`);
    return 1;
  }
}
