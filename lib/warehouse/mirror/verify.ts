/** Compares Postgres with BigQuery row for row and column for column, while both are in use. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import type { RelayDeps } from '@/lib/warehouse/mirror/context';
import type { Mirror } from '@/lib/warehouse/mirror/define-mirror';
import { keyColumn, rowText } from '@/lib/warehouse/mirror/payload';
import { type CopyTarget, ownerOf, readCopy, targetsOf } from '@/lib/warehouse/mirror/read-copy';

export type Difference = {
  key: string;
  kind: 'missing in BigQuery' | 'only in BigQuery' | 'different' | 'twice in BigQuery';
  /** Names of the columns that differ; never their values, which may be secrets. */
  columns: string[];
};
export type Verified = {
  mirror: string;
  dataset: string;
  postgresRows: number;
  bigqueryRows: number;
  /** Rows that only BigQuery holds of a table that is only ever added to; not a difference. */
  keptRows: number;
  /** Keys of those rows, at most 1,000. */
  keptKeys: string[];
  differences: Difference[];
};

const pageSize = 1_000;
const recheckAtOnce = 500;
const recheckEveryMs = 500;
const targetsAtOnce = 4;
/** How long a difference may be explained by a change that is still on its way. */
const patienceMs = 10_000;

/** 16 bytes a row stay in memory while a table is compared, about 120 MB a million rows with the keys. */
const digest = (text: string) => createHash('sha256').update(text).digest('base64').slice(0, 22);

async function postgresTexts(mirror: Mirror, keys: string[], customerId: string | null): Promise<Map<string, string>> {
  const sources = await mirror.load(db(), keys, customerId);
  return new Map(
    sources.map(source => [
      mirror.keyOf(source),
      rowText(mirror.shape, mirror.toRow(source) as Record<string, unknown>),
    ]),
  );
}

type Copy = { digests: Map<string, string>; twice: Set<string>; rows: number };

async function readDigests(deps: RelayDeps, mirror: Mirror, target: CopyTarget): Promise<Copy> {
  const copy: Copy = { digests: new Map(), twice: new Set(), rows: 0 };
  const columns = Object.keys(mirror.shape.columns);
  for await (const rows of readCopy(deps, { shape: mirror.shape, columns, ...target })) {
    for (const row of rows) {
      const key = String(row[keyColumn(mirror.shape)]);
      if (copy.digests.has(key)) copy.twice.add(key);
      copy.digests.set(key, digest(rowText(mirror.shape, row)));
      copy.rows++;
    }
  }
  return copy;
}

/** Keys whose sides differ at first sight; what remains in `copy.digests` is only in BigQuery. */
async function firstSight(mirror: Mirror, copy: Copy, target: CopyTarget) {
  const { customerId } = target;
  const suspects: string[] = [];
  let postgresRows = 0;
  for (let after: string | null = null; ; ) {
    const keys = await mirror.listKeys(db(), { after, limit: pageSize, ...(customerId ? { customerId } : {}) });
    if (keys.length === 0) break;
    for (const [key, text] of await postgresTexts(mirror, keys, ownerOf(mirror.shape, target))) {
      if (copy.digests.get(key) !== digest(text)) suspects.push(key);
      copy.digests.delete(key);
      postgresRows++;
    }
    after = keys.at(-1) ?? null;
  }
  return { suspects, postgresRows };
}

const differingColumns = (one: string, other: string): string[] => {
  const [a, b] = [one, other].map(text => JSON.parse(text) as Record<string, unknown>);
  const names = new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})]);
  return [...names].filter(name => JSON.stringify(a?.[name]) !== JSON.stringify(b?.[name]));
};

/** Looks at both sides of these keys anew; answers those that differ still. */
async function look(deps: RelayDeps, mirror: Mirror, target: CopyTarget, keys: string[]): Promise<Difference[]> {
  const copies = new Map<string, string[]>();
  const columns = Object.keys(mirror.shape.columns);
  for await (const rows of readCopy(deps, { shape: mirror.shape, columns, keys, ...target })) {
    for (const row of rows) {
      const key = String(row[keyColumn(mirror.shape)]);
      copies.set(key, [...(copies.get(key) ?? []), rowText(mirror.shape, row)]);
    }
  }
  const texts = await postgresTexts(mirror, keys, ownerOf(mirror.shape, target));
  return keys.flatMap((key): Difference[] => {
    const [text, [copy, ...more]] = [texts.get(key), copies.get(key) ?? []];
    if (more.length > 0) return [{ key, kind: 'twice in BigQuery', columns: [] }];
    if (text === copy) return [];
    if (copy === undefined) return [{ key, kind: 'missing in BigQuery', columns: [] }];
    if (text !== undefined) return [{ key, kind: 'different', columns: differingColumns(text, copy) }];
    return mirror.mode === 'insert' ? [] : [{ key, kind: 'only in BigQuery', columns: [] }];
  });
}

async function isWaiting(mirror: Mirror, keys: string[]): Promise<boolean> {
  const [row] = await db()
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.mirror, mirror.name), inArray(outbox.key, keys)))
    .limit(1);
  return row !== undefined;
}

/** A difference counts only when no change of that row is on its way, or when it stays there for too long. */
async function lasting(deps: RelayDeps, mirror: Mirror, target: CopyTarget, keys: string[]): Promise<Difference[]> {
  const found: Difference[] = [];
  for (let start = 0; start < keys.length; start += recheckAtOnce) {
    let suspects = keys.slice(start, start + recheckAtOnce);
    for (const deadline = Date.now() + patienceMs; suspects.length > 0; await sleep(recheckEveryMs)) {
      const before = await isWaiting(mirror, suspects);
      const rest = await look(deps, mirror, target, suspects);
      suspects = rest.map(({ key }) => key);
      if (rest.length > 0 && Date.now() < deadline && (before || (await isWaiting(mirror, suspects)))) continue;
      found.push(...rest);
      break;
    }
  }
  return found;
}

async function verifyTarget(deps: RelayDeps, mirror: Mirror, target: CopyTarget): Promise<Verified> {
  const copy = await readDigests(deps, mirror, target);
  const { suspects, postgresRows } = await firstSight(mirror, copy, target);
  const onlyThere = [...copy.digests.keys()];
  const kept = mirror.mode === 'insert' ? onlyThere.length : 0;
  const keys = [...new Set([...suspects, ...copy.twice, ...(kept ? [] : onlyThere)])];
  return {
    mirror: mirror.name,
    dataset: target.dataset,
    postgresRows,
    bigqueryRows: copy.rows,
    keptRows: kept,
    keptKeys: kept ? onlyThere.slice(0, 1_000) : [],
    differences: await lasting(deps, mirror, target, keys),
  };
}

/**
 * Compares a mirror, of one customer or of all, one entry a dataset. Differences that a change on its way explains are
 * looked at again until it has arrived, at most 10 s. Throws BigQueryStatementError, BigQueryUnavailableError.
 */
export async function* verifyMirror(deps: RelayDeps, mirror: Mirror, customerId?: string): AsyncGenerator<Verified> {
  const targets = await targetsOf(deps, mirror.shape, customerId);
  for (let start = 0; start < targets.length; start += targetsAtOnce) {
    const together = targets.slice(start, start + targetsAtOnce);
    yield* await Promise.all(together.map(target => verifyTarget(deps, mirror, target)));
  }
}
