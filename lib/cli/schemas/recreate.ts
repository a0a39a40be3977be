/** `cli schemas recreate <dataset> <table>`: deletes a table with all its rows and makes it anew, after asking (document 002, Schema Evolution). */
import { createInterface } from 'node:readline/promises';
import { type Choices, openTarget, print, type Target } from '@/lib/cli/schemas/target';
import { tenantDatasets } from '@/lib/domains/customers/datasets';
import { noteRecreation } from '@/lib/domains/support/recreated-table';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { systemCtx } from '@/lib/kernel/ctx';
import { envPart } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { countInPostgres, recreateMirrored } from '@/lib/warehouse/mirror/recreate';
import { loadDefinitions, type TableDefinition } from '@/lib/warehouse/schemas/definition';
import { countRows, recreateTable } from '@/lib/warehouse/schemas/recreate';

type Values = Omit<Choices, 'dataset'> & {
  dataset: string;
  table: string;
  confirm: string | undefined;
  'i-know': boolean;
};
/** The dataset, and whose own it is: nobody's for the shared one and for those that Postgres does not know. */
type Place = { dataset: string; customerId: string | null };
type Plan = { target: Target; place: Place; definition: TableDefinition; mirror: Mirror | null };
type Rows = { held: number | null; inPostgres: number | null };

const count = (rows: number) => `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;

/** The dataset meant by its name or by its customer's id. Throws AppError not_found for an unknown customer. */
async function placeOf(text: string): Promise<Place> {
  const known = await tenantDatasets();
  const found = known.find(({ customerId, dataset }) => customerId === text || dataset === text);
  if (!found && text.startsWith('cus_')) throw new AppError('not_found', `There is no customer ${text}.`);
  return found ?? { dataset: text, customerId: null };
}

/** The mirror that writes this table, null for one that is no copy of Postgres, or lies in a project that is not ours. */
function mirrorOf({ client }: Target, { dataset, customerId }: Place, table: string): Mirror | null {
  if (client.projectId !== envPart('GOOGLE_CLOUD_PROJECT').GOOGLE_CLOUD_PROJECT) return null;
  const logical = customerId ? 'tenant' : dataset;
  return relayDeps().mirrors.find(({ shape }) => shape.dataset === logical && shape.table === table) ?? null;
}

/** What will be deleted and what comes back, in words. */
export function warning(name: string, { held, inPostgres }: Rows): string {
  if (held === null) return `${name} does not exist`;
  const start = `${name} holds ${count(held)}; recreating deletes all of them`;
  if (inPostgres === null) return `${start}, and nothing can write them back`;
  const lost = held > inPostgres ? `; lost for good: ${count(held - inPostgres)} that only BigQuery holds` : '';
  return `${start}, then ${count(inPostgres)} are written back from Postgres${lost}`;
}

/** Why it must not happen, or null where it may. */
export function refusal(table: string, flags: { confirm: string | undefined; iKnow: boolean; production: boolean }) {
  if (flags.confirm === undefined) return `Nothing was deleted. Repeat with --confirm ${table} to delete them.`;
  if (flags.confirm !== table) return `Nothing was deleted: the table is ${table}, not ${flags.confirm}.`;
  if (!flags.production || flags.iKnow) return null;
  return 'Nothing was deleted: this is production (NODE_ENV, or the BigQuery service). Change the table in place with `schemas apply`; if the rows may go, add --i-know.';
}

/** The table's name as a person types it; undefined where nobody sits at a terminal. */
async function typedName(): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question("Type the table's name to delete them: ")).trim();
  } finally {
    terminal.close();
  }
}

async function rowsOf({ target, place, definition, mirror }: Plan): Promise<Rows> {
  const held = await countRows(target.client, place.dataset, definition.table);
  return { held, inPostgres: mirror ? await countInPostgres(mirror, place.customerId ?? undefined) : null };
}

async function make({ target, place, definition, mirror }: Plan, rows: Rows): Promise<number> {
  const { dataset, customerId } = place;
  const { table } = definition;
  const ctx = systemCtx('cli', customerId ? { customerId, tenantDatasetId: dataset } : undefined);
  await noteRecreation(ctx, { dataset, table, rows: rows.held, rowsInPostgres: rows.inPostgres });
  if (!mirror) {
    await recreateTable(target.client, dataset, definition);
    return 0;
  }
  return recreateMirrored(relayDeps(), mirror, { dataset, customerId: customerId ?? undefined }, definition);
}

/** Returns 0 when it was made anew, 1 when it was refused. Throws when a relay does not let go of the table. */
export async function recreate(values: Values): Promise<number> {
  const place = await placeOf(values.dataset);
  const { table, project, location } = values;
  const target = await openTarget({ project, folder: values.folder, location, dataset: place.dataset });
  const definition = loadDefinitions(target.folder).find(candidate => candidate.table === table);
  if (!definition) {
    print(`schemas/${target.folder} defines no table ${table}`);
    return 1;
  }
  const plan = { target, place, definition, mirror: mirrorOf(target, place, table) };
  const { NODE_ENV, BIGQUERY_API_URL } = envPart('NODE_ENV', 'BIGQUERY_API_URL');
  const flags = { iKnow: values['i-know'], production: NODE_ENV === 'production' || !BIGQUERY_API_URL };
  const early = values.confirm === undefined ? null : refusal(table, { ...flags, confirm: values.confirm });
  if (early) {
    print(early);
    return 1;
  }
  const rows = await rowsOf(plan);
  print(warning(`${place.dataset}.${table}`, rows));
  const refused = refusal(table, { ...flags, confirm: values.confirm ?? (await typedName()) });
  if (refused) {
    print(refused);
    return 1;
  }
  const written = await make(plan, rows);
  print(`${place.dataset}.${table} was created anew with ${definition.fields.length} columns and ${count(written)}`);
  return 0;
}
