import { eq, type SQL, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { insertDeadRow, insertDiscard, insertSource, insertTable, type TestSource } from '@/dev/testing/events/sources';
import { story } from '@/dev/testing/lineage/story';
import { applyAll, queueEvents, tell } from '@/dev/testing/lineage/told-runs';
import { createWorld } from '@/dev/testing/world';
import { readCustomer } from '@/lib/domains/customers/profile';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { ensureViews } from '@/lib/domains/desk/catalog/ensure-views';
import { takeDataset } from '@/lib/domains/events/sources/allocate-dataset';
import { eventDays, eventReceipts } from '@/lib/domains/events/tables';
import { requestDeletion, restoreOrganization } from '@/lib/domains/organizations/deletion';
import { eraseCustomer, eraseDueCustomers } from '@/lib/domains/organizations/erasure';
import { provisionCustomers } from '@/lib/domains/organizations/provisioning';
import { erasures } from '@/lib/domains/organizations/tables';
import { flagUnknownCustomer, openFlags } from '@/lib/domains/subscriptions/sync/flags';
import { addMember } from '@/lib/domains/team/commands';
import { readPerson } from '@/lib/domains/team/membership';
import { users } from '@/lib/domains/team/tables';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { createVictim } from '@/lib/laws/tenancy/victim';
import { bigquery, bigqueryRequest, runStatement } from '@/lib/platform/bigquery/bigquery';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId } from '@/lib/platform/ids';
import { stripe } from '@/lib/platform/stripe';
import { ingestChunkBodies, ingestChunks, ingestLoads, ingestLog, ingestRewrites } from '@/lib/warehouse/ingest/tables';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const dayMs = 86_400_000;
const after = (days: number) => () => new Date(Date.now() + days * dayMs);

/** Rows of a customer in every Postgres table that names customers, by table. */
async function rowsOf(customerId: string): Promise<Record<string, number>> {
  const { rows: tables } = await db().execute<{ name: string }>(sql`
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'customer_id'
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = current_schema()::regnamespace`);
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await db().execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM ${sql.identifier(name)} WHERE customer_id = ${customerId}`,
    );
    if (rows[0]?.n) counts[name] = rows[0].n;
  }
  return counts;
}

async function mirroredRows(customerId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const tables = ['profiles', 'subscriptions', 'team_members', 'api_keys', 'usage_quotas', 'audit_log'];
  for (const table of tables.map(name => `customer_${name}`)) {
    const { rows } = await runStatement({
      name: 'test/erasure',
      sql: `SELECT COUNT(*) AS n FROM customers.${table} WHERE customer_id = @id`,
      parameters: { id: { type: 'STRING', value: customerId } },
    });
    counts[table] = Number(rows[0]?.n);
  }
  return counts;
}

const datasetThere = (dataset: string) =>
  bigqueryRequest(bigquery(), { method: 'GET', uri: `/datasets/${dataset}` }).then(
    () => true,
    () => false,
  );

type Traces = TestSource & { discardId: string; chunkId: string };

/** A row in every table that events fill, as door, worker and loader leave them. */
async function leaveTraces(source: TestSource): Promise<Traces> {
  const { sourceId, dataset } = source;
  await insertTable(source, 'order_completed', { total: 'FLOAT64' });
  const discardId = await insertDiscard(source, {}, 1);
  await insertDeadRow(source, 'No such column');
  const [chunkId, loadId, at] = [newId('chk'), newId('load'), new Date()];
  const table = { dataset, tableName: 'order_completed' };
  await db()
    .insert(ingestChunks)
    .values({ ...table, chunkId, log: 'events', rows: 1, bytes: 2 });
  await db()
    .insert(ingestChunkBodies)
    .values({ chunkId, columns: {}, body: Buffer.from('x') });
  const load = { loadId, jobIds: [], chunkIds: [chunkId], rows: 1, attempt: 1 };
  await db()
    .insert(ingestLoads)
    .values({ ...table, ...load, state: 'LOADED', sink: 'load_job' });
  await db()
    .insert(ingestRewrites)
    .values({ ...table, copyName: 'copy', columns: {} });
  const shard = Math.floor(Math.random() * 30_000);
  await db().insert(ingestLog).values({ log: 'events', shard, position: 1, key: sourceId, meta: '{}', body: '{}' });
  const receipt = { sourceId, messageId: 'm', receivedAt: at, outcome: 'ACCEPTED', shard, position: 1 } as const;
  await db()
    .insert(eventReceipts)
    .values({ ...receipt, itemIndex: 0, tableNames: [], chunkIds: [] });
  await db().insert(eventDays).values({ sourceId, day: '2031-01-01', type: 'page', event: '', events: 1 });
  return { ...source, discardId, chunkId };
}

/** Rows of a source, by table. */
async function tracesOf({ sourceId, dataset, discardId, chunkId }: Traces): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const count = async (table: string, which: SQL) => {
    const { rows } = await db().execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM ${sql.identifier(table)} WHERE ${which}`,
    );
    counts[table] = rows[0]?.n ?? 0;
  };
  for (const table of ['event_sources', 'event_write_keys', 'event_days', 'event_receipts'])
    await count(table, sql`source_id = ${sourceId}`);
  await count('ingest_log', sql`key = ${sourceId}`);
  const { rows } = await db().execute<{ name: string }>(sql`
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'dataset'
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname LIKE 'ingest_%'
      AND c.relnamespace = current_schema()::regnamespace`);
  for (const { name } of rows) await count(name, sql`dataset = ${dataset}`);
  await count('ingest_chunk_bodies', sql`chunk_id = ${chunkId}`);
  await count('ingest_discarded_values', sql`discard_id = ${discardId}`);
  return counts;
}

test('what orchestrators reported goes with its customer, events that wait too', async () => {
  const world = await createWorld();
  const dag = story().run();
  await tell(world, [dag.event('START', 0), dag.event('COMPLETE', 9)]);
  await queueEvents(world, [dag.event('RUNNING', 3)]);
  await requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
  expect(Object.keys(await rowsOf(world.customerId))).toEqual(
    expect.arrayContaining(['lineage_events', 'lineage_jobs', 'lineage_pipelines', 'lineage_runs', 'runs']),
  );
  expect(await eraseDueCustomers({ clock: after(31), customerId: world.customerId })).toMatchObject({ erased: 1 });
  // An event that a worker holds at that moment makes no run of a customer that is gone.
  await queueEvents(world, [dag.event('RUNNING', 4)]);
  await applyAll(world);
  const left = Object.keys(await rowsOf(world.customerId)).filter(table => /^(lineage|runs|step_logs|dq_)/.test(table));
  expect(left).toEqual(['lineage_events']);
});

test('30 days after the request all of a customer is gone from Postgres, BigQuery and Stripe, and only the audit trail stays', async () => {
  const { world } = await createVictim();
  const { customerId, tenantDatasetId, members } = world;
  const elsewhere = await createWorld({ plan: 'SCALE' });
  await addMember(elsewhere.system, { email: members.ADMIN.email, role: 'VIEWER' });
  await provisionCustomers(customerId);
  const { stripeCustomerId } = await readCustomer(customerId);
  await requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
  await flushOnce(relayDeps(), { customers: [customerId] });
  await ensureViews(world.system, ['commits']);
  expect(await datasetThere(tenantDatasetId)).toBe(true);
  expect(await datasetThere(deskDatasetOf(tenantDatasetId))).toBe(true);

  const { team_members: team } = await rowsOf(customerId);
  expect(await eraseDueCustomers({ clock: after(29), customerId })).toMatchObject({ erased: 0, failed: 0 });
  expect(await readPerson(members.OWNER.userId)).not.toBeNull();

  const report = await eraseDueCustomers({ clock: after(30.01), customerId });
  expect(report).toEqual({ erased: 1, failed: 0, unfinishedOutside: 0 });
  await flushOnce(relayDeps(), { customers: [customerId] });

  expect(Object.keys(await rowsOf(customerId)).sort()).toEqual(['audit_log', 'data_versions', 'erasures']);
  const { customer_audit_log: auditRows, ...copies } = await mirroredRows(customerId);
  expect(auditRows).toBeGreaterThan(2);
  expect(copies).toEqual({
    customer_profiles: 0,
    customer_subscriptions: 0,
    customer_team_members: 0,
    customer_api_keys: 0,
    customer_usage_quotas: 0,
  });
  expect(await datasetThere(tenantDatasetId)).toBe(false);
  expect(await datasetThere(deskDatasetOf(tenantDatasetId))).toBe(false);
  const inStripe = await stripe()
    .customers.retrieve(stripeCustomerId ?? '')
    .catch(() => ({ deleted: true }));
  expect(inStripe).toMatchObject({ deleted: true });

  expect(await readPerson(members.OWNER.userId)).toBeNull();
  const [kept] = await db().select().from(users).where(eq(users.userId, members.ADMIN.userId));
  expect(kept?.email).toBe(members.ADMIN.email);
  const [proof] = await db().select().from(erasures).where(eq(erasures.customerId, customerId));
  expect(proof?.deletedRows).toMatchObject({ customers: 1, api_keys: 1, team_members: team, users: 3 });
  expect(proof).toMatchObject({ datasetDroppedAt: expect.any(Date), stripeDeletedAt: expect.any(Date) });
  expect(await eraseDueCustomers({ clock: after(60), customerId })).toMatchObject({ erased: 0, failed: 0 });
}, 120_000);

test('a customer whose deletion is not due, or was taken back, cannot be erased', async () => {
  const world = await createWorld();
  const due = { ...world.system, clock: after(31) };
  await expect(eraseCustomer(due, {})).rejects.toMatchObject({ code: 'conflict' });
  await requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
  await expect(eraseCustomer(world.system, {})).rejects.toMatchObject({ code: 'conflict' });
  await restoreOrganization(world.as('OWNER'), {});
  await expect(eraseCustomer(due, {})).rejects.toMatchObject({ code: 'conflict' });
  expect(await eraseDueCustomers({ clock: after(31), customerId: world.customerId })).toMatchObject({ erased: 0 });
  expect((await rowsOf(world.customerId)).team_members).toBe(4);
});

test('an erasure that was cut off before Stripe and BigQuery is finished by the next run', async () => {
  const world = await createWorld();
  const { customerId, tenantDatasetId } = world;
  await provisionCustomers(customerId);
  await requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
  await eraseCustomer({ ...world.system, clock: after(31) }, {});
  expect(await datasetThere(tenantDatasetId)).toBe(true);
  const report = await eraseDueCustomers({ clock: after(31), customerId });
  expect(report).toEqual({ erased: 0, failed: 0, unfinishedOutside: 0 });
  expect(await datasetThere(tenantDatasetId)).toBe(false);
}, 60_000);

const proofOf = async (customerId: string) =>
  (await db().select().from(erasures).where(eq(erasures.customerId, customerId)))[0];

test('once nothing is left to do, the proof names neither the dataset nor the Stripe customer, and still knows Stripe’s', async () => {
  const world = await createWorld();
  const { customerId, tenantDatasetId } = world;
  await provisionCustomers(customerId);
  const { stripeCustomerId } = await readCustomer(customerId);
  await requestDeletion(world.system, { confirm: world.customer.companyName });
  await eraseDueCustomers({ clock: after(31), customerId });
  await eraseDueCustomers({ clock: after(32.9), customerId });
  expect(await proofOf(customerId)).toMatchObject({ tenantDatasetId, stripeCustomerId });

  await eraseDueCustomers({ clock: after(33.1), customerId });
  const proof = await proofOf(customerId);
  expect(proof?.tenantDatasetId).toBeNull();
  expect(JSON.stringify(proof)).not.toContain(stripeCustomerId);
  await eraseDueCustomers({ clock: after(40), customerId });
  expect(await proofOf(customerId)).toEqual(proof);

  // A late event of Stripe about the customer is still known to be of an erased one.
  await db().transaction(tx => flagUnknownCustomer(tx, stripeCustomerId ?? '', 'late', new Date()));
  const flags = await openFlags(db());
  expect(flags.filter(flag => flag.stripeId === stripeCustomerId)).toEqual([]);
}, 60_000);

test('all that came from a customer’s event sources goes with it: datasets, receipts, counts, the log and what waits to be loaded', async () => {
  const world = await createWorld();
  const gone = await leaveTraces(await insertSource(world));
  const stays = await leaveTraces(await insertSource(await createWorld()));
  const json = (datasetId: string) => ({ datasetReference: { datasetId }, location: env().BIGQUERY_LOCATION });
  for (const { dataset } of [gone, stays])
    await bigqueryRequest(bigquery(), { method: 'POST', uri: '/datasets', json: json(dataset) });
  const before = await tracesOf(gone);
  expect(Object.values(before)).not.toContain(0);
  expect(await tracesOf(stays)).toEqual(before);

  await requestDeletion(world.as('OWNER'), { confirm: world.customer.companyName });
  const { customerId } = world;
  const report = await eraseDueCustomers({ clock: after(31), customerId });
  expect(report).toEqual({ erased: 1, failed: 0, unfinishedOutside: 0 });
  expect(Object.values(await tracesOf(gone)).every(rows => rows === 0)).toBe(true);
  expect(await tracesOf(stays)).toEqual(before);
  expect(await datasetThere(gone.dataset)).toBe(false);
  expect(await datasetThere(stays.dataset)).toBe(true);
  await bigqueryRequest(bigquery(), { method: 'DELETE', uri: `/datasets/${stays.dataset}` });

  // While a late load could make the dataset anew, which the next runs drop, nobody gets its name.
  const names = [gone.dataset, 'free_of_all'];
  const allocate = () => db().transaction(tx => takeDataset(tx, names));
  expect(await allocate()).toBe('free_of_all');
  await eraseDueCustomers({ clock: after(34), customerId });
  expect(await allocate()).toBe(gone.dataset);
}, 60_000);
