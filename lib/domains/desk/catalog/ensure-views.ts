/** Brings a customer's views in BigQuery to what its tables are now; asks BigQuery only where something changed. Source: docs/desk.md, What can be asked. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ensureAgentTables } from '@/lib/domains/agent-log/load/agent-tables';
import { authorizeViews } from '@/lib/domains/desk/catalog/authorize-views';
import { basesOf, type CatalogTable, catalogOf } from '@/lib/domains/desk/catalog/catalog';
import { deskDatasetOf } from '@/lib/domains/desk/catalog/desk-dataset';
import {
  beginView,
  endView,
  forgetViews,
  forgetViewsMadeBy,
  isSettled,
  madeViews,
  noteBroken,
} from '@/lib/domains/desk/catalog/made-views';
import { makeAlone } from '@/lib/domains/desk/catalog/one-maker';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { BigQueryStatementError, BigQueryUnavailableError, bigquery } from '@/lib/platform/bigquery/bigquery';
import { passingReasons } from '@/lib/platform/bigquery/bigquery-job';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';
import { agentDatasetOf, logsBigQuery } from '@/lib/warehouse/agent-dataset';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';
import { literal } from '@/lib/warehouse/schemas/ddl';
import { ensureDeskDataset } from '@/lib/warehouse/schemas/desk-dataset';
import { refusedFor, runDdl, storeOf } from '@/lib/warehouse/schemas/rest';

/** A process asks Postgres for a customer's views again after this. */
const seenMs = 60_000;
/** Statements at the same time. */
const atOnce = 6;
/** Looks at what is to be made, where a process that has lost its lock made the same views meanwhile. */
const rounds = 3;

const seen = () =>
  processWide('desk-views-seen', () => new LRUCache<string, Set<string>>({ max: 10_000, ttl: seenMs }));

/** What this process knows to be settled of the customer, as hashes of what was asked for. */
function seenOf(customerId: string): Set<string> {
  let known = seen().get(customerId);
  if (!known) {
    known = new Set();
    seen().set(customerId, known);
  }
  return known;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

type View = CatalogTable & { statement: string; definition: string };

const viewName = (tenantDatasetId: string, name: string): string =>
  `\`${env().GOOGLE_CLOUD_PROJECT}.${deskDatasetOf(tenantDatasetId)}.${name}\``;

function viewOf(table: CatalogTable, tenantDatasetId: string): View {
  const name = viewName(tenantDatasetId, table.table.name);
  const options = `OPTIONS (description = ${literal(table.table.description)})`;
  const statement = `CREATE OR REPLACE VIEW ${name} ${options} AS\n${table.select}`;
  return { ...table, statement, definition: hash(statement) };
}

/** The datasets beneath the views, and the views' own. */
async function ensureDatasets(ctx: CustomerCtx, views: readonly View[]): Promise<void> {
  const { customerId, tenantDatasetId } = ctx;
  const groups = new Set(views.map(({ table }) => table.group));
  if (groups.has('metadata') || groups.has('ai-usage')) {
    const changes = await ensureTenantDataset(bigquery(), tenantDatasetId, env().BIGQUERY_LOCATION);
    for (const change of changes)
      if (change.kind === 'refuse') log().error({ ...change }, 'a table is not of the shape of this version');
  }
  if (groups.has('agent-log')) await ensureAgentTables(logsBigQuery(), customerId, agentDatasetOf(tenantDatasetId));
  await ensureDeskDataset(bigquery(), deskDatasetOf(tenantDatasetId), env().BIGQUERY_LOCATION);
  if (storeOf(bigquery()) === 'service') await authorizeViews(ctx, views, { client: bigquery(), logs: logsBigQuery() });
}

/** Takes the view out of BigQuery, whether or not it is there. */
async function dropView(tenantDatasetId: string, name: string): Promise<void> {
  try {
    await runDdl(bigquery(), `DROP VIEW IF EXISTS ${viewName(tenantDatasetId, name)}`, env().BIGQUERY_LOCATION);
  } catch (error) {
    // The dataset is not there.
    if (!refusedFor(error, 'notFound', '404')) throw error;
  }
}

/** Makes one view. One that BigQuery refuses is dropped, logged and not listed for a while; false where it is to be made again. */
async function makeView({ customerId, tenantDatasetId }: CustomerCtx, view: View): Promise<boolean> {
  const { definition, statement, table } = view;
  const mark = await beginView(customerId, table.name);
  const making = { customerId, viewName: table.name, mark, definition };
  try {
    await runDdl(bigquery(), statement, env().BIGQUERY_LOCATION);
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    const reason = error.message;
    if (passingReasons.has(error.reason)) throw new BigQueryUnavailableError(reason, { cause: error });
    log().error({ customer: customerId, view: table.name, base: view.base, reason }, 'a view of the desk is left out');
    await dropView(tenantDatasetId, table.name);
    await noteBroken(making);
    return true;
  }
  return endView(making);
}

/** Runs `work` for each, some at the same time; throws the first failure once all that began have ended. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const takeTurns = async () => {
    for (const item of queue) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, takeTurns));
  for (const turn of ended) if (turn.status === 'rejected') throw turn.reason;
}

async function dropViews({ customerId, tenantDatasetId }: CustomerCtx, names: readonly string[]): Promise<void> {
  await forEach(names, async name => {
    await dropView(tenantDatasetId, name);
    await forgetViews(customerId, [name]);
  });
}

/** What is to be done for these tables of the customer, or all; null where nothing is. */
async function openWork(ctx: CustomerCtx, only: ReadonlySet<string> | undefined) {
  const names = new Set((await basesOf(ctx)).keys());
  const wanted = (await catalogOf(ctx, only)).map(table => viewOf(table, ctx.tenantDatasetId));
  const key = hash(JSON.stringify([[...names], wanted.map(({ definition }) => definition)]));
  // Taken before Postgres is asked: what is distrusted meanwhile is not put into what is known afterwards.
  const known = seenOf(ctx.customerId);
  if (known.has(key)) return null;
  const made = await madeViews(ctx.customerId);
  const missing = wanted.filter(({ table, definition }) => !isSettled(made.get(table.name), definition, ctx.clock()));
  const gone = [...made.keys()].filter(name => !names.has(name));
  if (missing.length > 0 || gone.length > 0) return { missing, gone };
  known.add(key);
  return null;
}

/** Does what is to be done until nothing is left. */
async function settleViews(ctx: CustomerCtx, only: ReadonlySet<string> | undefined): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const work = await openWork(ctx, only);
    if (!work) return;
    await dropViews(ctx, work.gone);
    if (work.missing.length > 0) await ensureDatasets(ctx, work.missing);
    let isDone = true;
    await forEach(work.missing, async view => {
      if (!(await makeView(ctx, view))) isDone = false;
    });
    if (isDone) return;
  }
  log().warn({ customer: ctx.customerId }, 'views of the desk are made by others at the same time');
}

/**
 * Makes the views that are missing or changed, of these tables or of all, and drops those whose table is gone; without a
 * change it costs a look into Postgres, within a minute nothing. One call a customer makes views at a time, the others wait for
 * it. A view that BigQuery refuses is left out, the others work. AppError warehouse_unavailable.
 */
export async function ensureViews(ctx: CustomerCtx, tables?: readonly string[]): Promise<void> {
  const only = tables ? new Set(tables) : undefined;
  try {
    while (await openWork(ctx, only)) if (await makeAlone(ctx.customerId, () => settleViews(ctx, only))) return;
  } catch (error) {
    if (!(error instanceof BigQueryUnavailableError)) throw error;
    const message = 'BigQuery is not reachable, so your tables could not be prepared. Try again shortly.';
    throw new AppError('warehouse_unavailable', message, { retryAfterSeconds: 30, cause: error });
  }
}

/**
 * Forgets what is known of the customer's views, after BigQuery said that one is not there to a question that was sent at that
 * time of viewClock; ensureViews then makes them anew. Those made since stay: another caller heard the same and made them.
 */
export async function distrustViews({ customerId }: CustomerCtx, sentAt: Date): Promise<void> {
  await forgetViewsMadeBy(customerId, sentAt);
  seen().delete(customerId);
}
