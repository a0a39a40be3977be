/** One flush of one mirror, under its lock: settle, take, read, send; each customer's dataset on its own. */

import { groupByKey, maxRows, prepare } from '@/lib/warehouse/mirror/changes';
import type { RelayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { sendChanges, setRowsAside, settleRecorded, TargetError } from '@/lib/warehouse/mirror/send';
import { type PendingChange, type PendingFilter, takePending } from '@/lib/warehouse/mirror/store';

const takeLimit = 4 * maxRows;

export type FlushResult = {
  /** Rows sent (or found to need nothing). */
  rows: number;
  /** True when this flush found something, so that there may be more. */
  more: boolean;
  /** Customers whose dataset cannot be written now, with the reason. */
  blocked: { customerIds: string[]; error: Error }[];
};
export type FlushOptions = PendingFilter & { withoutCustomers?: string[] };

type Destination = { dataset: string | null; pending: PendingChange[] };

/** The changes by dataset; null for those of nobody we know. */
async function byDataset(context: RelayContext, mirror: Mirror, pending: PendingChange[]): Promise<Destination[]> {
  if (mirror.shape.dataset !== 'tenant') return [{ dataset: mirror.shape.dataset, pending }];
  const byCustomer = Map.groupBy(pending, change => change.customerId);
  return Promise.all(
    [...byCustomer].map(async ([customerId, changes]) => ({
      dataset: customerId === null ? null : await context.deps.resolveDataset(customerId),
      pending: changes,
    })),
  );
}

/** Sends what was taken for one dataset; answers how many rows. */
async function flushTo(context: RelayContext, mirror: Mirror, { dataset, pending }: Destination): Promise<number> {
  const groups = groupByKey(pending);
  if (dataset === null) {
    const reason = 'The change belongs to no known customer, so there is no dataset to write it to.';
    await setRowsAside(
      context,
      { mirror },
      groups.map(group => ({ ...group, reason })),
    );
    return 0;
  }
  const { changes, unsendable } = await prepare(mirror, groups);
  await setRowsAside(context, { mirror }, unsendable);
  return sendChanges(context, { mirror, dataset, mode: mirror.mode }, changes);
}

async function flushLocked(context: RelayContext, mirror: Mirror, options: FlushOptions): Promise<FlushResult> {
  await settleRecorded(context, mirror);
  const pending = await takePending(context.session, mirror.name, {
    limit: takeLimit,
    upToId: options.upToId,
    onlyCustomers: options.onlyCustomers,
    withoutCustomers: options.withoutCustomers ?? [],
  });
  const result: FlushResult = { rows: 0, more: pending.length > 0, blocked: [] };
  const failures: unknown[] = [];
  const send = async (destination: Destination) => {
    try {
      result.rows += await flushTo(context, mirror, destination);
    } catch (error) {
      const ofOneCustomer = error instanceof TargetError && mirror.shape.dataset === 'tenant';
      if (!ofOneCustomer) failures.push(error);
      else result.blocked.push({ customerIds: [destination.pending[0]?.customerId ?? ''], error });
    }
  };
  // All are waited for, also after a failure: the lock must not be given up while a MERGE is under way.
  await Promise.all((await byDataset(context, mirror, pending)).map(send));
  if (failures.length > 0) throw failures[0];
  return result;
}

/**
 * Runs `work` as the only writer of this mirror; null when another session is that. One writer at a time, which reads
 * rows only after the previous job was settled, is what keeps a row's copy from ever going backward.
 */
export async function asWriter<Result>(
  context: RelayContext,
  mirror: Mirror,
  work: () => Promise<Result>,
): Promise<Result | null> {
  if (!(await context.session.tryLock(mirror.name))) return null;
  try {
    return await work();
  } finally {
    await context.session.unlock(mirror.name);
  }
}

/** Flushes a mirror once; null when another session writes it. Throws TargetError or BigQueryUnavailableError. */
export const flushMirror = (context: RelayContext, mirror: Mirror, options: FlushOptions = {}) =>
  asWriter(context, mirror, () => flushLocked(context, mirror, options));
