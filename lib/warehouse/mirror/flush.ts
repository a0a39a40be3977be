/** One flush of one table, under its lock: settle, take, read, send. */

import { groupByKey, prepare } from '@/lib/warehouse/mirror/changes';
import type { RelayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { fullBatchRows } from '@/lib/warehouse/mirror/schedule/flush-policy';
import { type Left, type TableName, tableKey } from '@/lib/warehouse/mirror/schedule/flush-schedule';
import { sendChanges, setRowsAside, settleRecorded } from '@/lib/warehouse/mirror/send';
import {
  oldestLeft,
  type PendingChange,
  type PendingFilter,
  takePending,
  takePendingFairly,
} from '@/lib/warehouse/mirror/store';

/** Rows a flush takes: of a customer's own table, of which many are flushed at the same time, and of one that all share. */
const takeLimit = 2 * fullBatchRows;
const sharedTakeLimit = 4 * fullBatchRows;

export type FlushResult = {
  /** Rows sent (or found to need nothing). */
  rows: number;
  left: Exclude<Left, 'unchanged'>;
};

export const isTenantMirror = (mirror: Mirror): boolean => mirror.shape.dataset === 'tenant';

/** The table that a change of this mirror and customer is written to. */
export const tableOf = (mirror: Mirror, customerId: string | null): TableName => ({
  mirror: mirror.name,
  customerId: isTenantMirror(mirror) ? customerId : null,
});

const datasetOf = async (context: RelayContext, mirror: Mirror, customerId: string | null): Promise<string | null> => {
  if (!isTenantMirror(mirror)) return mirror.shape.dataset;
  return customerId === null ? null : context.deps.resolveDataset(customerId);
};

/** Sends what was taken; answers how many rows. */
async function send(
  context: RelayContext,
  mirror: Mirror,
  { dataset, customerId }: { dataset: string | null; customerId: string | null },
  pending: PendingChange[],
): Promise<number> {
  const groups = groupByKey(pending);
  if (dataset === null) {
    const reason = 'The change belongs to no known customer, so there is no dataset to write it to.';
    const nobodys = groups.map(group => ({ ...group, reason }));
    await setRowsAside(context, { mirror }, nobodys);
    return 0;
  }
  const { changes, unsendable } = await prepare(mirror, groups, customerId);
  await setRowsAside(context, { mirror }, unsendable);
  return sendChanges(context, { mirror, dataset, mode: mirror.mode }, changes);
}

async function flushLocked(
  context: RelayContext,
  mirror: Mirror,
  table: TableName,
  filter: PendingFilter,
): Promise<FlushResult> {
  const { session } = context;
  const dataset = await datasetOf(context, mirror, table.customerId);
  if (dataset !== null) await settleRecorded(context, mirror, dataset, table.customerId);
  const limit = isTenantMirror(mirror) ? takeLimit : sharedTakeLimit;
  const pending = isTenantMirror(mirror)
    ? await takePending(session, table, { ...filter, limit })
    : await takePendingFairly(session, mirror.name, { ...filter, limit });
  const rows = pending.length > 0 ? await send(context, mirror, { dataset, customerId: table.customerId }, pending) : 0;
  const oldest = await oldestLeft(session, table);
  if (!oldest) return { rows, left: 'nothing' };
  return { rows, left: { oldestAt: oldest.getTime(), rows: pending.length === limit ? fullBatchRows : 1 } };
}

/**
 * Runs `work` as the only writer of this table; null when another session is that. One writer at a time, which reads
 * rows only after the previous job was settled, is what keeps a row's copy from ever going backward.
 */
export async function asWriter<Result>(
  context: RelayContext,
  table: TableName,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const key = tableKey(table);
  if (!(await context.session.tryLock(key))) return null;
  try {
    return await work();
  } finally {
    await context.session.unlock(key);
  }
}

/** Flushes a table once; null when another session writes it. Throws TargetError or BigQueryUnavailableError. */
export const flushTable = (
  context: RelayContext,
  mirror: Mirror,
  customerId: string | null,
  filter: PendingFilter = {},
) => {
  const table = tableOf(mirror, customerId);
  return asWriter(context, table, () => flushLocked(context, mirror, table, filter));
};
