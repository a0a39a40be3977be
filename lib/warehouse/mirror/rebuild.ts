/** Loads a mirror's table anew from Postgres, row by row in place: readers never see it empty, writers go on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSession } from '@/lib/kernel/lock-session';
import { db } from '@/lib/platform/db';
import { type Change, prepare } from '@/lib/warehouse/mirror/changes';
import { type RelayContext, type RelayDeps, relayContext } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { asWriter, tableOf } from '@/lib/warehouse/mirror/flush';
import { dayOf, deletionText, keyColumn } from '@/lib/warehouse/mirror/payload';
import { type CopyTarget, ownerOf, readCopy, targetsOf } from '@/lib/warehouse/mirror/read-copy';
import { sendChanges, settleRecorded } from '@/lib/warehouse/mirror/send';

export type Rebuilt = { mirror: string; dataset: string; rows: number; removed: number };

/** Rows a MERGE; more than a flush takes, because nobody waits for a single one of them. */
const rowsAtOnce = 4_000;
const lockWaitMs = 60_000;

/** Does the work as the only writer of that table, its jobs settled; throws where another does not let go within a minute. */
export async function whenWriter<Result>(
  context: RelayContext,
  mirror: Mirror,
  { dataset, customerId }: CopyTarget,
  work: () => Promise<Result>,
): Promise<Result> {
  const table = tableOf(mirror, customerId ?? null);
  for (const deadline = Date.now() + lockWaitMs; ; await sleep(20)) {
    const done = await asWriter(context, table, async () => {
      await settleRecorded(context, mirror, dataset, table.customerId);
      return work();
    });
    if (done !== null) return done;
    if (Date.now() > deadline) throw new Error(`another relay holds ${mirror.name} and does not let go`);
  }
}

const group = (key: string, day: string | null = null) => ({
  key,
  outboxIds: [],
  customerId: null,
  days: day ? [day] : [],
  waitingSince: null,
});

/** Writes these rows as they are now; `days` are the partitions of rows that BigQuery holds. */
async function sendKeys(
  context: RelayContext,
  mirror: Mirror,
  target: CopyTarget,
  keys: Map<string, string | null>,
): Promise<number> {
  const groups = [...keys].map(([key, day]) => ({ ...group(key, day), customerId: target.customerId ?? null }));
  const { changes, unsendable } = await prepare({ ...mirror, mode: 'upsert' }, groups, ownerOf(mirror.shape, target));
  const [bad] = unsendable;
  if (bad) throw new Error(`the row ${bad.key} cannot be sent: ${bad.reason}`);
  return sendChanges(context, { mirror, dataset: target.dataset, mode: 'upsert', rowsAtOnce }, changes);
}

async function sendAll(context: RelayContext, mirror: Mirror, target: CopyTarget): Promise<number> {
  const { customerId } = target;
  let rows = 0;
  for (let after: string | null = null; ; ) {
    const keys = await mirror.listKeys(db(), { after, limit: rowsAtOnce, ...(customerId ? { customerId } : {}) });
    if (keys.length === 0) return rows;
    const known = new Map(keys.map(key => [key, null]));
    rows += await whenWriter(context, mirror, target, () => sendKeys(context, mirror, target, known));
    after = keys.at(-1) ?? null;
  }
}

/** Removes what only BigQuery holds, and rows it holds twice before they are written again. */
async function removeStrays(context: RelayContext, mirror: Mirror, target: CopyTarget): Promise<number> {
  const { shape } = mirror;
  const seen = new Set<string>();
  const twice = new Map<string, string | null>();
  let removed = 0;
  const columns = [keyColumn(shape), ...(shape.partition ? [shape.partition.field] : [])];
  for await (const rows of readCopy(context.deps, { shape, columns, ...target })) {
    const page = new Map<string, string | null>();
    for (const row of rows) {
      const key = String(row[keyColumn(shape)]);
      const day = shape.partition ? dayOf(row[shape.partition.field]) : null;
      if (seen.has(key)) twice.set(key, null);
      else page.set(key, day);
      seen.add(key);
    }
    const known = new Set(
      (await mirror.load(db(), [...page.keys()], ownerOf(shape, target))).map(source => mirror.keyOf(source)),
    );
    const strays = new Map([...page].filter(([key]) => !known.has(key)));
    if (strays.size > 0 && mirror.mode === 'upsert') {
      removed += await whenWriter(context, mirror, target, () => sendKeys(context, mirror, target, strays));
    }
  }
  if (twice.size > 0) removed += await removeTwice(context, mirror, target, [...twice.keys()]);
  return removed;
}

function removeTwice(context: RelayContext, mirror: Mirror, target: CopyTarget, keys: string[]): Promise<number> {
  const deletions: Change[] = keys.map(key => ({ ...group(key), days: [null], text: deletionText(mirror.shape, key) }));
  const known = new Map(keys.map(key => [key, null]));
  return whenWriter(context, mirror, target, async () => {
    await sendChanges(context, { mirror, dataset: target.dataset, mode: 'upsert' }, deletions);
    await sendKeys(context, mirror, target, known);
    return keys.length;
  });
}

/**
 * Brings a mirror's table, of one customer or of all, to what Postgres holds, and answers what was written a dataset.
 * Rows that only BigQuery holds are removed, except where the table is only ever added to.
 * Throws when the mirror is not known, when a row cannot be sent, TargetError and BigQueryUnavailableError.
 */
export async function rebuildMirror(deps: RelayDeps, name: string, customerId?: string): Promise<Rebuilt[]> {
  const mirror = deps.mirrors.find(known => known.name === name);
  const names = deps.mirrors.map(known => known.name).sort();
  if (!mirror) throw new Error(`there is no mirror ${name}; there are ${names.join(', ')}`);
  const session = await openSession('mirror', deps.session);
  try {
    const context = relayContext(deps, session);
    const rebuilt: Rebuilt[] = [];
    for (const target of await targetsOf(deps, mirror.shape, customerId)) {
      const removed = await removeStrays(context, mirror, target);
      const rows = await sendAll(context, mirror, target);
      rebuilt.push({ mirror: name, dataset: target.dataset, rows, removed });
    }
    return rebuilt;
  } finally {
    await session.close();
  }
}
