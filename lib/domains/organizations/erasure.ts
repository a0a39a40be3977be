/** Erases customers whose 30 days are over: Postgres and the mirrors in one transaction, then the datasets and Stripe. */
import type { BigQuery } from '@google-cloud/bigquery';
import { and, asc, eq, gt, isNotNull, isNull, lte, not, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { emptyAgentLog, eraseAgentLog } from '@/lib/domains/agent-log/erase';
import { erasedStripeId } from '@/lib/domains/customers/erased-stripe-id';
import { lockCustomer } from '@/lib/domains/customers/profile';
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import { emptyEvents, eraseEvents } from '@/lib/domains/events/erase';
import { type Erasure, erasures } from '@/lib/domains/organizations/tables';
import { deleteStripeCustomer } from '@/lib/domains/subscriptions/stripe/stripe-customer';
import { deletePeopleWithoutMembership, lockPeopleOf } from '@/lib/domains/team/people';
import { emptyTraces, eraseTraces, removeTraceFiles } from '@/lib/domains/traces/erase';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { type CustomerCtx, requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { dropTenantChanges, enqueue, type MirrorRef } from '@/lib/kernel/outbox';
import { BigQueryStatementError, bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { type Clock, systemClock } from '@/lib/platform/clock';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { logsBigQuery, logsProjectId } from '@/lib/warehouse/agent-dataset';
import { mirrors } from '@/lib/warehouse/mirror/define-mirror';

/** The audit log leaves by its retention; the outbox still has deletions to send; versions name no one. */
const keptTables = /^(audit_.*|erasures|outbox|outbox_dead|data_versions)$/;
/** Tables that may be long; they are emptied in steps before the transaction, and their copies go with the dataset. */
const longTables = [
  ...(['dq_results', 'step_logs', 'runs', 'idempotency_keys', 'run_failures'] as const),
  ...(['lineage_events', 'lineage_jobs', 'lineage_invocations'] as const),
  ...(['desk_queries'] as const),
  ...(['pull_request_commits', 'commits', 'pull_requests', 'github_deliveries'] as const),
];
const stepRows = 5_000;
const keyPage = 1_000;
/** How long a finished erasure is looked at again: a write under way when the dataset was dropped may make it anew. */
const watchDays = 2;
const dayMs = 86_400_000;

type Counts = Record<string, number>;

/** Every table with a customer_id that is not kept, the customers' own last and credentials after the configs that name them: a new domain's table is erased without being named here. */
async function tablesOfCustomers(tx: Tx): Promise<string[]> {
  const { rows } = await tx.execute<{ name: string }>(sql`
    SELECT c.relname AS name FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema()
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname = 'customers', c.relname = 'cloud_credentials', c.relname`);
  return rows.map(row => row.name).filter(name => !keptTables.test(name));
}

/** What must vanish from the mirrors in the shared dataset; the tenant's own goes as a whole. */
async function mirroredRows(tx: Tx, customerId: string): Promise<MirrorRef[]> {
  const refs: MirrorRef[] = [];
  for (const mirror of mirrors().values()) {
    if (!mirror.name.startsWith('customers.') || mirror.mode !== 'upsert') continue;
    const field = mirror.shape.partition?.field;
    for (let after: string | null = null; ; ) {
      const keys: string[] = await mirror.listKeys(db(), { after, limit: keyPage, customerId });
      for (const source of await mirror.load(tx, keys, customerId)) {
        const value = field ? (mirror.toRow(source) as Record<string, unknown>)[field] : null;
        const partitionValue = value instanceof Date ? value.toISOString() : value == null ? null : String(value);
        refs.push({ mirror: mirror.name, key: mirror.keyOf(source), partitionValue, customerId });
      }
      after = keys.at(-1) ?? null;
      if (after === null || keys.length < keyPage) break;
    }
  }
  if (!refs.some(ref => ref.mirror === 'customers.customer_profiles'))
    throw new Error('this process does not know the mirrors, so their rows would stay');
  return refs;
}

/** Answers how many rows went, by table, and the datasets of the event sources, the agent log and the query desk. */
async function deleteRows(
  tx: Tx,
  { customerId, tenantDatasetId }: CustomerCtx,
): Promise<{ counts: Counts; datasets: string[] }> {
  const userIds = await lockPeopleOf(tx, customerId);
  const { counts: ofEvents, datasets: eventDatasets } = await eraseEvents(tx, customerId);
  const { counts: ofAgentLog, datasets: agentDatasets } = await eraseAgentLog(tx, customerId);
  const counts: Counts = { ...ofEvents };
  for (const [table, rows] of [ofAgentLog, await eraseTraces(tx, customerId)].flatMap(Object.entries<number>))
    counts[table] = (counts[table] ?? 0) + rows;
  for (const table of await tablesOfCustomers(tx)) {
    const gone = await tx.execute(sql`DELETE FROM ${sql.identifier(table)} WHERE customer_id = ${customerId}`);
    if (gone.rowCount) counts[table] = gone.rowCount;
  }
  const gonePeople = await deletePeopleWithoutMembership(tx, userIds);
  if (gonePeople) counts.users = gonePeople;
  await dropTenantChanges(tx, customerId);
  return { counts, datasets: [...eventDatasets, ...agentDatasets, deskDatasetOf(tenantDatasetId)] };
}

/**
 * Deletes a customer's rows, and by the outbox their copies; audit rows stay until their retention ends. Only once the
 * grace is over. AppError conflict before that, not_found.
 */
export const eraseCustomer = defineCommand({
  name: 'customer.erase',
  permission: 'staff:write',
  input: z.strictObject({}),
  run: async ({ ctx, tx }): Promise<Change<{ deletedRows: Counts }>> => {
    const { customerId, tenantDatasetId } = requireCustomer(ctx);
    const known = await lockCustomer(tx, customerId);
    const { deletionRequestedAt, deletionDueAt, stripeCustomerId } = known;
    if (!deletionRequestedAt || !deletionDueAt || deletionDueAt > ctx.clock())
      throw new AppError('conflict', 'The deletion of this organization is not due.');
    const refs = await mirroredRows(tx, customerId);
    const { counts: deletedRows, datasets: eventDatasets } = await deleteRows(tx, requireCustomer(ctx));
    const erasedAt = ctx.clock();
    await tx.insert(erasures).values({
      customerId,
      tenantDatasetId,
      eventDatasets,
      stripeCustomerId,
      requestedAt: deletionRequestedAt,
      erasedAt,
      deletedRows,
    });
    // Parts, because a statement takes 65,535 parameters.
    for (let at = 0; at < refs.length; at += keyPage) await enqueue(tx, refs.slice(at, at + keyPage));
    return {
      result: { deletedRows },
      target: { type: 'customer', id: customerId },
      before: { deletion_requested_at: deletionRequestedAt },
      after: { erased_at: erasedAt, deleted_rows: deletedRows },
      mirror: [],
    };
  },
});

/** Empties the long tables in small steps, so that no statement runs into its time-out. */
async function emptyLongTables(customerId: string): Promise<void> {
  for (const table of longTables) {
    for (let gone = stepRows; gone === stepRows; ) {
      const answer = await db().execute(sql`
        DELETE FROM ${sql.identifier(table)} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${sql.identifier(table)} WHERE customer_id = ${customerId} LIMIT ${stepRows}))`);
      gone = answer.rowCount ?? 0;
    }
  }
}

async function dropDataset(client: BigQuery, dataset: string): Promise<void> {
  try {
    await bigqueryRequest(client, { method: 'DELETE', uri: `/datasets/${dataset}`, qs: { deleteContents: true } });
  } catch (error) {
    if (!(error instanceof BigQueryStatementError && ['notFound', '404'].includes(error.reason))) throw error;
  }
}

/** Agent logs may lie in a project of their own. */
async function dropAll(datasets: readonly string[]): Promise<void> {
  const clients = logsProjectId() === bigquery().projectId ? [bigquery()] : [bigquery(), logsBigQuery()];
  for (const client of clients) for (const dataset of datasets) await dropDataset(client, dataset);
}

/** Does what is left outside Postgres; a part that is down is tried again by the next run. */
async function finishOutside(erasure: Erasure): Promise<boolean> {
  const { customerId, tenantDatasetId, eventDatasets, stripeCustomerId, stripeDeletedAt } = erasure;
  const note = (done: Partial<Erasure>) => db().update(erasures).set(done).where(eq(erasures.customerId, customerId));
  const parts: Promise<unknown>[] = [];
  if (tenantDatasetId)
    parts.push(
      dropAll([tenantDatasetId, ...eventDatasets])
        .then(() => removeTraceFiles(tenantDatasetId))
        .then(() => note({ datasetDroppedAt: new Date() })),
    );
  if (stripeCustomerId && !stripeDeletedAt)
    parts.push(deleteStripeCustomer(stripeCustomerId).then(() => note({ stripeDeletedAt: new Date() })));
  const failed = (await Promise.allSettled(parts)).flatMap(part => (part.status === 'rejected' ? [part.reason] : []));
  for (const error of failed) log().warn({ customer: customerId, reason: String(error) }, 'an erasure is not finished');
  return failed.length === 0;
}

const unfinished = (now: Date): SQL =>
  sql`(${or(
    isNull(erasures.datasetDroppedAt),
    and(isNotNull(erasures.stripeCustomerId), isNull(erasures.stripeDeletedAt)),
    gt(erasures.erasedAt, new Date(now.getTime() - watchDays * dayMs)),
  )})`;

/**
 * Takes out of finished erasures what would tell whose they were: the datasets' names, made by people, and
 * Stripe's id. Answers how many.
 */
async function forgetNames(now: Date, only: SQL | undefined): Promise<number> {
  const finished = await db()
    .select()
    .from(erasures)
    .where(and(not(unfinished(now)), isNotNull(erasures.tenantDatasetId), only));
  for (const { customerId, stripeCustomerId } of finished)
    await db()
      .update(erasures)
      .set({
        tenantDatasetId: null,
        eventDatasets: [],
        stripeCustomerId: stripeCustomerId && erasedStripeId(stripeCustomerId),
      })
      .where(and(eq(erasures.customerId, customerId), isNotNull(erasures.tenantDatasetId)));
  return finished.length;
}

async function eraseOne(customer: Customer, clock: Clock): Promise<boolean> {
  try {
    await emptyLongTables(customer.customerId);
    await emptyEvents(customer.customerId);
    await emptyTraces(customer.customerId);
    await emptyAgentLog(customer.customerId);
    await eraseCustomer(systemCtx('erasure', customer, clock), {});
    return true;
  } catch (error) {
    log().error({ err: error, customer: customer.customerId }, 'a customer could not be erased');
    return false;
  }
}

export type ErasureReport = { erased: number; failed: number; unfinishedOutside: number };

/**
 * Erases every customer that is due, or one, finishes earlier erasures, and forgets the names in those that are over.
 * Repeatable after being cut off anywhere.
 */
export async function eraseDueCustomers({
  clock = systemClock,
  customerId,
}: {
  clock?: Clock;
  customerId?: string;
} = {}): Promise<ErasureReport> {
  const report = { erased: 0, failed: 0, unfinishedOutside: 0 };
  const only = (column: typeof customers.customerId | typeof erasures.customerId) =>
    customerId ? eq(column, customerId) : undefined;
  const due = await db()
    .select()
    .from(customers)
    .where(and(lte(customers.deletionDueAt, clock()), only(customers.customerId)))
    .orderBy(asc(customers.customerId));
  for (const customer of due) {
    if (await eraseOne(customer, clock)) report.erased++;
    else report.failed++;
  }
  const open = await db()
    .select()
    .from(erasures)
    .where(and(unfinished(clock()), only(erasures.customerId)));
  for (const erasure of open) if (!(await finishOutside(erasure))) report.unfinishedOutside++;
  await forgetNames(clock(), only(erasures.customerId));
  return report;
}
