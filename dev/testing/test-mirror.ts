/** A mirror of its own for the relay's tests: a Postgres table and a BigQuery table that nobody else knows. */
import { eq, sql } from 'drizzle-orm';
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { enqueue } from '@/lib/kernel/outbox';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db, type Tx } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';
import type { RelayDeps } from '@/lib/warehouse/mirror/context';
import { defineMirror, type Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { applyDefinitions } from '@/lib/warehouse/schemas/apply';
import { parseDefinition } from '@/lib/warehouse/schemas/definition';

const shape = {
  dataset: 'tenant',
  table: 'items',
  primaryKey: ['id'],
  partition: { field: 'at', type: 'TIMESTAMP' },
  requirePartitionFilter: false,
  columns: {
    id: { type: 'STRING', mode: 'REQUIRED' },
    at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
    customer_id: { type: 'STRING', mode: 'REQUIRED' },
    body: { type: 'STRING', mode: 'NULLABLE' },
    price: { type: 'NUMERIC', mode: 'NULLABLE' },
  },
} as const;

export type Item = { id: string; at: Date; customerId: string; body: string | null; price: string | null };

const itemsTable = (name: string) =>
  pgTable(name, {
    id: text('id').primaryKey(),
    at: timestamp('at', { withTimezone: true, precision: 6 }).notNull(),
    customerId: text('customer_id').notNull(),
    body: text('body'),
    price: text('price'),
  });

/** Defines the mirror `test.<name>`; customer `c` has the dataset `<name>_c`. With `movedFrom` its rows may move. */
export function testMirror(name: string, mode: Mirror['mode'] = 'upsert', movedFrom?: Mirror<Item>['movedFrom']) {
  const table = itemsTable(name);
  const mirror = defineMirror<Item, object>({
    name: `test.${name}`,
    shape,
    mode,
    ...mirrorSource(table, { key: table.id, customer: table.customerId }),
    keyOf: item => item.id,
    customerOf: item => item.customerId,
    toRow: ({ customerId, ...item }) => ({ ...item, customer_id: customerId }),
    ...(movedFrom ? { movedFrom } : {}),
  });
  const datasetOf = (customerId: string) => `${name}_${customerId}`;
  const known = new Set<string>();
  const deps = (hooks?: RelayDeps['hooks']): RelayDeps => ({
    bigquery: bigquery(),
    mirrors: [mirror as unknown as Mirror],
    resolveDataset: async customerId => (customerId === 'unknown' ? null : datasetOf(customerId)),
    listDatasets: async () => [...known].map(customerId => ({ customerId, dataset: datasetOf(customerId) })),
    ensureDataset: dataset => ensureDataset(dataset),
    ...(hooks ? { hooks } : {}),
  });
  const excluded = (name: string) => sql.raw(`excluded.${name}`);
  const set = { at: excluded('at'), body: excluded('body'), price: excluded('price') };
  const put = async (tx: Tx, items: Item[]) => {
    await tx.insert(table).values(items).onConflictDoUpdate({ target: table.id, set });
    await enqueue(tx, items.map(mirror.ref));
  };
  return {
    name: mirror.name,
    ref: mirror.ref,
    /** How many changes wait, by customer. */
    waitingOf: async () => {
      const { rows } = await db().execute<{ customer: string; count: string }>(
        sql`SELECT customer_id AS customer, count(*) FROM outbox WHERE mirror = ${mirror.name} GROUP BY 1`,
      );
      return new Map(rows.map(({ customer, count }) => [customer, Number(count)]));
    },
    mirror: mirror as unknown as Mirror,
    deps,
    datasetOf,
    /** The table's definition, some columns changed from those the mirror knows. */
    definition: (changed: Columns = {}) => definitionOf({ ...shape.columns, ...changed }),
    /** Makes the Postgres table; datasets come with their first rows. */
    create: () =>
      db().execute(
        sql.raw(
          `CREATE TABLE IF NOT EXISTS ${name} (id text PRIMARY KEY, at timestamptz(6) NOT NULL, customer_id text NOT NULL, body text, price text)`,
        ),
      ),
    drop: async (customers: string[]) => {
      await db().execute(sql`DELETE FROM outbox WHERE mirror = ${mirror.name}`);
      await db().execute(sql`DELETE FROM outbox_dead WHERE mirror = ${mirror.name}`);
      await db().execute(sql`DELETE FROM mirror_jobs WHERE mirror = ${mirror.name}`);
      await db().execute(sql`DELETE FROM data_versions WHERE table_name = ${mirror.name}`);
      await db().execute(sql.raw(`DROP TABLE IF EXISTS ${name}`));
      for (const customer of customers) {
        await db().execute(sql`DELETE FROM mirror_spend WHERE customer_id = ${customer}`);
        await dropDataset(datasetOf(customer));
      }
    },
    item: (customerId: string, body: string | null = null): Item => {
      known.add(customerId);
      return { id: `item_${randomText(12)}`, at: new Date(), customerId, body, price: null };
    },
    /** Makes the customer's table anew, empty, with some columns changed from those the mirror knows, or left out (null). */
    reshape: (customerId: string, changed: Record<string, Columns[string] | null>) => {
      const columns = Object.entries({ ...shape.columns, ...changed }).filter(([, column]) => column !== null);
      return replaceTable(datasetOf(customerId), Object.fromEntries(columns) as Columns);
    },
    /** Writes the items, one transaction for each thousand. */
    put: async (...items: Item[]) => {
      for (let start = 0; start < items.length; start += 1_000) {
        await db().transaction(tx => put(tx, items.slice(start, start + 1_000)));
      }
    },
    remove: (item: Item) =>
      db().transaction(async tx => {
        await tx.delete(table).where(eq(table.id, item.id));
        await enqueue(tx, [mirror.ref(item)]);
      }),
    rows: async (customerId: string) => {
      const statement = `SELECT id, \`at\`, customer_id, body, price FROM \`${datasetOf(customerId)}.items\` ORDER BY id`;
      return (await runStatement({ name: 'test/items', sql: statement })).rows;
    },
    waiting: async () => {
      const found = await db().execute<{ count: string }>(
        sql`SELECT count(*) FROM outbox WHERE mirror = ${mirror.name}`,
      );
      return Number(found.rows[0]?.count);
    },
  };
}

type Columns = Record<string, { type: string; mode: string }>;

const definitionOf = (columns: Columns) =>
  parseDefinition(shape.table, {
    description: 'Items that the tests of the relay mirror.',
    partitioning: { field: 'at', type: 'DAY' },
    primaryKey: shape.primaryKey,
    labels: {},
    fields: Object.entries(columns).map(([name, column]) => ({
      name,
      ...column,
      description: `The column ${name} of an item.`,
    })),
  });

async function ensureDataset(dataset: string, columns: Columns = shape.columns): Promise<void> {
  const options = { dataset, location: 'US', definitions: [definitionOf(columns)], description: 'Made by a test.' };
  await applyDefinitions(bigquery(), { ...options, additiveOnly: true });
}

/** Puts an empty table with other columns in the place of the one that is there. */
async function replaceTable(dataset: string, columns: Columns): Promise<void> {
  await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${dataset}/tables/${shape.table}` });
  await ensureDataset(dataset, columns);
}

async function dropDataset(dataset: string): Promise<void> {
  const request = { method: 'DELETE' as const, uri: `/datasets/${dataset}`, qs: { deleteContents: true } };
  await bigqueryRequest(bigquery(), request).catch((error: Error) => {
    if (!/not found/i.test(error.message)) throw error;
  });
}
