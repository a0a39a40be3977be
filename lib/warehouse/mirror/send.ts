/** Sends one batch into one table: recorded, merged, completed; a row BigQuery refuses is found by halving and set aside. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BigQueryStatementError, runStatement } from '@/lib/platform/bigquery/bigquery';
import { leastBilledBytes, runJob, settleJob } from '@/lib/platform/bigquery/bigquery-job';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { type Change, inParts, type Unsendable } from '@/lib/warehouse/mirror/changes';
import type { RelayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { type MergeMode, mergeParameters, mergeSql } from '@/lib/warehouse/mirror/merge-sql';
import { sharedAccount } from '@/lib/warehouse/mirror/schedule/accounts';
import { usdOf } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { takeTurn } from '@/lib/warehouse/mirror/schedule/spend';
import {
  completeJob,
  forgetJob,
  type RecordedJob,
  recordedJobs,
  recordJob,
  setAside,
} from '@/lib/warehouse/mirror/store';

export type Target = { mirror: Mirror; dataset: string; mode: MergeMode; rowsAtOnce?: number };

/** This table cannot be written now whatever the rows are: missing, not permitted, or not of the shape we know. */
export class TargetError extends Error {
  constructor(target: Target, options: { cause: Error }) {
    super(`${target.dataset}.${target.mirror.shape.table} cannot be written: ${options.cause.message}`, options);
    this.name = 'TargetError';
  }
}

const missing = new Set(['notFound', '404']);
/** Reasons that may lie in the table: it is missing, or a column is, or one takes less than its definition says. */
const ofShape = new Set([...missing, 'invalid', 'invalidQuery', 'outOfRange', '400']);
/** A dataset that cannot be brought to its definitions is not asked about at every attempt. */
const ensureEveryMs = 60_000;
/** Reasons that may lie in the rows sent. */
const ofRows = new Set([
  'invalid',
  'invalidQuery',
  'outOfRange',
  '400',
  '413',
  'requestTooLarge',
  'resourcesExceeded',
  'bytesBilledLimitExceeded',
]);

const jobName = ({ mirror }: Target) => `relay/${mirror.name}`;

const statementOf = ({ mirror, dataset, mode }: Target) =>
  mergeSql(mirror.shape, dataset, mode, mirror.movedFrom !== undefined);

/** Known before it is sent and the same for the same rows; the time tells a later attempt from an earlier one. */
function jobIdOf(target: Target, part: Change[]): string {
  const hash = createHash('sha256').update(`${target.mirror.name} ${target.dataset} ${target.mode}`);
  for (const change of part) hash.update(JSON.stringify([change.outboxIds, change.text]));
  const table = target.mirror.name.replaceAll('.', '_');
  return `tenantry_${table}_${hash.digest('hex').slice(0, 24)}_${Date.now().toString(36)}`;
}

/** Waits for a turn among the MERGEs of all workers, and until the table may be written again. */
async function keepPace(context: RelayContext, table: string): Promise<void> {
  const turnMs = await takeTurn(context.session, context.limits.mergesPerSecond);
  const tableMs = (context.lastSent.get(table) ?? 0) + (context.deps.paceMs ?? 0) - Date.now();
  const waitMs = Math.max(turnMs, tableMs);
  if (waitMs > 1) await sleep(waitMs);
  context.lastSent.set(table, Date.now());
}

/** Who pays for MERGEs into a table: the customer whose it is, or all together. */
const accountOf = (mirror: Mirror, customerId: string | null): string =>
  mirror.shape.dataset === 'tenant' && customerId !== null ? customerId : sharedAccount;

/** Part of the last MERGE's time in the average. */
const weight = 0.1;

/** The job took effect: says so in Postgres, and to whom its costs belong. */
async function complete(
  context: RelayContext,
  mirror: Mirror,
  job: Omit<Parameters<typeof completeJob>[1], 'account' | 'mirror'> & { customerId: string | null },
): Promise<void> {
  const account = accountOf(mirror, job.customerId);
  const spent = await completeJob(context.session, { ...job, mirror: mirror.name, account });
  context.onCharged(account, usdOf(spent, context.limits.usdPerTib));
}

function observe(target: Target, part: Change[]): void {
  const now = Date.now();
  for (const { waitingSince } of part) {
    if (waitingSince) {
      metrics().mirrorLagSeconds.observe({ mirror: target.mirror.name }, (now - waitingSince.getTime()) / 1000);
    }
  }
}

async function merge(context: RelayContext, target: Target, part: Change[]): Promise<void> {
  const { deps, session } = context;
  const { mirror, dataset } = target;
  const texts = part.flatMap(change => (change.text === null ? [] : [change.text]));
  const job = { mirror: mirror.name, dataset, jobId: jobIdOf(target, part) };
  const outboxIds = part.flatMap(change => change.outboxIds);
  const customers = part.flatMap(change => (change.customerId ? [change.customerId] : []));
  let bytesBilled = 0;
  if (texts.length > 0) {
    await keepPace(context, `${dataset}.${mirror.shape.table}`);
    await recordJob(session, { ...job, outboxIds });
    await deps.hooks?.beforeMerge?.();
    const days = part.flatMap(change => change.days);
    try {
      const done = await runJob(
        {
          jobId: job.jobId,
          name: jobName(target),
          sql: statementOf(target),
          parameters: mergeParameters(mirror.shape, texts, days),
          labels: { component: 'relay' },
        },
        deps.bigquery,
      );
      bytesBilled = done.bytesBilled;
      context.mergeMs += weight * (done.durationMs - context.mergeMs);
    } catch (error) {
      if (error instanceof BigQueryStatementError) await forgetJob(session, job);
      throw error;
    }
    await deps.hooks?.afterMerge?.();
  }
  const customerId = part[0]?.customerId ?? null;
  await complete(context, mirror, { ...job, outboxIds, customers: [...new Set(customers)], customerId, bytesBilled });
  metrics().mirrorFlushes.inc({ mirror: mirror.name, outcome: 'ok' });
  observe(target, part);
}

/** Throws unless the statement itself is sound: it is run without rows, so whatever is refused is not their fault. */
async function requireSoundStatement(context: RelayContext, target: Target): Promise<void> {
  const parameters = mergeParameters(target.mirror.shape, [], ['2000-01-01']);
  const sql = statementOf(target);
  try {
    await runStatement({ name: `${jobName(target)}-check`, sql, parameters }, context.deps.bigquery);
  } catch (error) {
    throw error instanceof BigQueryStatementError ? new TargetError(target, { cause: error }) : error;
  }
}

/** Takes rows out of the way that no MERGE will ever take; staff see them, a later change of the row heals them. */
export async function setRowsAside(
  context: RelayContext,
  target: { mirror: Mirror },
  rows: Unsendable[],
): Promise<void> {
  for (const row of rows) {
    await setAside(context.session, row.outboxIds, row.reason);
    metrics().mirrorFlushes.inc({ mirror: target.mirror.name, outcome: 'dead' });
    log().error({ mirror: target.mirror.name, rowKey: row.key, reason: row.reason }, 'a change cannot be mirrored');
  }
}

const mayEnsure = ({ lastEnsured }: RelayContext, { dataset }: Target, { reason }: BigQueryStatementError) =>
  missing.has(reason) || (ofShape.has(reason) && Date.now() - (lastEnsured.get(dataset) ?? 0) > ensureEveryMs);

/** Brings the dataset to its definitions, as after an upgrade; where that is refused, the next MERGE tells. */
async function ensure(context: RelayContext, { dataset }: Target): Promise<void> {
  try {
    await context.deps.ensureDataset(dataset);
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    log().warn({ err: error, dataset }, 'a dataset could not be brought to its definitions');
  }
  context.lastEnsured.set(dataset, Date.now());
}

/** What is known of a refused part: whether its dataset was brought to its definitions, and that the statement is sound. */
type Known = { ensured: boolean; sound: boolean };

async function mergeOrHalve(context: RelayContext, target: Target, part: Change[], known: Known): Promise<void> {
  try {
    return await merge(context, target, part);
  } catch (error) {
    if (!(error instanceof BigQueryStatementError)) throw error;
    metrics().mirrorFlushes.inc({ mirror: target.mirror.name, outcome: 'refused' });
    // Before any row is blamed: a table that is behind its definition refuses rows that are well.
    if (!known.ensured && mayEnsure(context, target, error)) {
      await ensure(context, target);
      return mergeOrHalve(context, target, part, { ensured: true, sound: false });
    }
    if (!ofRows.has(error.reason)) throw new TargetError(target, { cause: error });
    if (!known.sound) await requireSoundStatement(context, target);
    const [only] = part;
    if (part.length === 1 && only) {
      if (error.reason === 'bytesBilledLimitExceeded') throw new TargetError(target, { cause: error });
      return setRowsAside(context, target, [{ ...only, reason: error.message }]);
    }
    const middle = Math.ceil(part.length / 2);
    const halved = { ensured: true, sound: true };
    await mergeOrHalve(context, target, part.slice(0, middle), halved);
    await mergeOrHalve(context, target, part.slice(middle), halved);
  }
}

/**
 * Sends the changes in parts and answers how many were sent; fewer when the relay stops. The caller holds the table's lock and has settled its jobs.
 * Throws TargetError, or BigQueryUnavailableError with the last job still recorded.
 */
export async function sendChanges(context: RelayContext, target: Target, changes: Change[]): Promise<number> {
  let sent = 0;
  for (const part of inParts(changes, target.rowsAtOnce)) {
    if (context.stopping.aborted) break;
    await mergeOrHalve(context, target, part, { ensured: false, sound: false });
    sent += part.length;
  }
  return sent;
}

/**
 * Settles what an earlier attempt, of this process or another, left recorded. Until that is done nothing of this table
 * is read: rows read while an older MERGE may still land could be overwritten by it, and the copy would go backward.
 */
export async function settleRecorded(
  context: RelayContext,
  mirror: Mirror,
  dataset: string,
  customerId: string | null,
): Promise<void> {
  const settle = async ({ jobId, outboxIds }: RecordedJob) => {
    await keepPace(context, `${dataset}.${mirror.shape.table}`);
    const fate = await settleJob(jobId, context.deps.bigquery);
    log().info({ mirror: mirror.name, dataset, jobId, fate }, 'settled a mirror job');
    const job = { mirror: mirror.name, dataset, jobId };
    // What it billed is not known any more; most MERGEs bill the least that can be.
    if (fate === 'succeeded') {
      await complete(context, mirror, { ...job, outboxIds, customerId, bytesBilled: leastBilledBytes });
    } else await forgetJob(context.session, job);
  };
  for (const job of await recordedJobs(context.session, mirror.name, dataset)) await settle(job);
}
