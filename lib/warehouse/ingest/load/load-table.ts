/** Loads one table, under its lock: settles what was sent before, then sends what waits, batch by batch. Source: docs/architecture.md, Ingest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { LoadRefusedError } from '@/lib/platform/bigquery/load-job';
import { log } from '@/lib/platform/log';
import { forgetSchema } from '@/lib/warehouse/ingest/evolve/live-schema';
import { prepareBatch } from '@/lib/warehouse/ingest/evolve/prepare-batch';
import { type Prepared, RowsRefused, TableBlocked } from '@/lib/warehouse/ingest/evolve/prepared';
import { type Batch, takeRows } from '@/lib/warehouse/ingest/load/batch';
import { StreamBytesSpentError } from '@/lib/warehouse/ingest/load/budget';
import type { LoadContext } from '@/lib/warehouse/ingest/load/deps';
import { failLoad, finishLoad, setLoadAside, setRowsAside } from '@/lib/warehouse/ingest/load/end-load';
import { faultOf } from '@/lib/warehouse/ingest/load/failure';
import { beginLoad, type Manifest, sendingLoads } from '@/lib/warehouse/ingest/load/manifest';
import { afterRefused, afterSetAside, afterTaken, newSearch, type Search } from '@/lib/warehouse/ingest/load/search';
import type { SendPlan } from '@/lib/warehouse/ingest/load/send-plan';
import { planSending, settleLoad } from '@/lib/warehouse/ingest/load/sending';
import type { Sink } from '@/lib/warehouse/ingest/load/sink';
import { takeChunks, type WaitingTable } from '@/lib/warehouse/ingest/spool/chunks';
import { tableKey } from '@/lib/warehouse/ingest/spool/new-chunk';

/** A table that waits, and by what its rows go. */
export type SinkTable = WaitingTable & { sink: Sink };

/** Where the search for refused rows of a table stands; a process that starts anew begins it anew. */
const searches = new LRUCache<string, Search>({ max: 10_000 });

function definitionOf(context: LoadContext, table: WaitingTable) {
  const definition = context.definitions.find(({ log: name }) => name === table.log);
  if (!definition) throw new TableBlocked(`nothing is known of the log ${table.log}`);
  return definition;
}

/** Jobs about a table are sent to, and asked for in, the project that it lies in. */
function inProject(context: LoadContext, { log: name }: WaitingTable): LoadContext {
  const definition = context.definitions.find(({ log: known }) => known === name);
  if (!definition || !('keyed' in definition) || !definition.bigquery) return context;
  return { ...context, bigquery: definition.bigquery() };
}

/** Rows of fixed tables go as they were spooled: whoever made them knew the columns. */
function asSpooled({ dataset, tableName }: WaitingTable, { parts, rows }: Batch): Prepared {
  const ndjson = parts.map(part => part.ndjson).join('');
  return { target: { dataset, tableName }, ndjson, rows, fields: [], refused: [], discards: [] };
}

async function prepare(context: LoadContext, table: WaitingTable, batch: Batch): Promise<Prepared> {
  const definition = definitionOf(context, table);
  if ('keyed' in definition) return asSpooled(table, batch);
  return prepareBatch(definition, table, batch.parts, { client: context.bigquery, clock: context.clock });
}

/** Finds out what became of loads that were sent and not ended, by this process or another. Nothing is sent before that. */
async function settleSent(context: LoadContext, table: WaitingTable): Promise<void> {
  for (const manifest of await sendingLoads(table)) {
    const fate = await settleLoad(context, manifest);
    log().info({ loadId: manifest.loadId, table: tableKey(table), fate }, 'settled a load');
    if (fate === 'succeeded') await finishLoad(context, table, manifest);
    else await failLoad(context, manifest, fate === 'failed' ? 'The job failed.' : 'It never took effect.');
  }
}

/** Where the search for refused rows stands after a step, and how many rows left the spool by it. */
type Step = { search: Search; gone: number };

type Refused = { manifest: Manifest; batch: Batch; error: LoadRefusedError; isAsSpooled: boolean };

/** Rows were refused for what they are: fewer of them next time, or aside with them. */
async function narrow(
  context: LoadContext,
  table: WaitingTable,
  search: Search,
  { manifest, batch, error, isAsSpooled }: Refused,
): Promise<Step> {
  const next = afterRefused(search, batch.rows, isAsSpooled ? error.line : null);
  if (next !== 'set aside') {
    await failLoad(context, manifest, error.message);
    return { search: next, gone: 0 };
  }
  await setLoadAside(context, table, { manifest, batch, error: error.message });
  log().error({ table: tableKey(table), rows: batch.rows, reason: error.message }, 'rows cannot be loaded');
  return { search: afterSetAside({ ...search, refusals: search.refusals + 1 }), gone: batch.rows };
}

/** A stream that cannot be made carries no rows, so they are never at fault. */
async function planned(context: LoadContext, table: SinkTable, prepared: Prepared, sink: Sink): Promise<SendPlan> {
  try {
    return await planSending(context, { mode: table.mode, definition: definitionOf(context, table), sink }, prepared);
  } catch (error) {
    if (!(error instanceof LoadRefusedError)) throw error;
    if (faultOf(error) === 'shape') throw new ShapeBehindError(error.message);
    throw new TableBlocked(error.message);
  }
}

type Begun = { manifest: Manifest; sending: SendPlan };

/** Plans the load and writes its manifest; once the day's bytes for streams are spent a load job carries it. */
async function begin(
  context: LoadContext,
  table: SinkTable,
  batch: Batch,
  prepared: Prepared,
  sink: Sink = table.sink,
): Promise<Begun> {
  const sending = await planned(context, table, prepared, sink);
  const load = { carriage: sending.carriage, attempt: table.attempts + 1, discards: prepared.discards };
  try {
    return { sending, manifest: await beginLoad(context, table, batch, load) };
  } catch (error) {
    if (!(error instanceof StreamBytesSpentError)) throw error;
    return begin(context, table, batch, prepared, 'load_job');
  }
}

/** Sends a batch that fits its table; answers where the search for refused rows stands then. */
async function sendBatch(
  context: LoadContext,
  table: SinkTable,
  batch: Batch,
  prepared: Prepared,
  search: Search,
): Promise<Step> {
  const { manifest, sending } = await begin(context, table, batch, prepared);
  await context.hooks.beforeSend?.();
  try {
    await sending.send(context, manifest);
  } catch (error) {
    if (!(error instanceof LoadRefusedError)) throw error;
    const fault = faultOf(error);
    const isAsSpooled = sending.linesAreSpooled;
    if (fault === 'rows') return narrow(context, table, search, { manifest, batch, error, isAsSpooled });
    await failLoad(context, manifest, error.message);
    if (fault === 'shape') throw new ShapeBehindError(error.message);
    throw new TableBlocked(error.message);
  }
  await context.hooks.afterSend?.();
  await finishLoad(context, table, manifest);
  return { search: afterTaken(search, batch.rows), gone: batch.rows };
}

/** What brings rows into the table does not see it as it is, or we do not: both pass. */
class ShapeBehindError extends Error {}

/** Prepares and sends. */
async function loadBatch(context: LoadContext, table: SinkTable, batch: Batch, search: Search): Promise<Step> {
  let prepared: Prepared;
  try {
    prepared = await prepare(context, table, batch);
  } catch (error) {
    if (!(error instanceof RowsRefused)) throw error;
    await setRowsAside(context, table, batch, error.message);
    return { search: newSearch(), gone: batch.rows };
  }
  if (prepared.refused.length > 0) {
    await setRowsAside(context, table, batch, prepared.refused);
    return { search: newSearch(), gone: prepared.refused.length };
  }
  return sendBatch(context, table, batch, prepared, search);
}

/** Sends a batch, and again after a while as long as a change of the table is not seen by what brings rows into it. */
async function loadPatiently(context: LoadContext, table: SinkTable, batch: Batch, search: Search): Promise<Step> {
  const waitsMs = [...context.limits.propagationMs];
  for (;;) {
    try {
      return await loadBatch(context, table, batch, search);
    } catch (error) {
      if (!(error instanceof ShapeBehindError)) throw error;
      forgetSchema(table);
      const waitMs = waitsMs.shift();
      if (waitMs === undefined || context.stopping.aborted) throw new TableBlocked(error.message);
      await sleep(waitMs, undefined, { signal: context.stopping }).catch(() => undefined);
    }
  }
}

/**
 * Loads what waits of the table when it begins; answers how many rows left the spool. The caller holds the table's lock.
 * Throws TableBlocked, JobBudgetSpentError, LostLoadError, or BigQueryUnavailableError with the last load SENDING.
 */
export async function loadTable(given: LoadContext, table: SinkTable): Promise<{ rows: number }> {
  const context = inProject(given, table);
  const { limits, stopping } = context;
  const key = tableKey(table);
  await settleSent(context, table);
  let rows = 0;
  while (rows < table.rows && !stopping.aborted) {
    const search = searches.get(key) ?? newSearch();
    const batch = takeRows(await takeChunks(table, limits), search.next);
    if (batch.rows === 0) break;
    const step = await loadPatiently(context, table, batch, search);
    searches.set(key, step.search);
    rows += step.gone;
  }
  return { rows };
}
