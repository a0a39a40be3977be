/** Holds what BigQuery has against what was reported: counts, and a hash over the rows in the order of their keys. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { check, say } from '@/dev/prove/report';
import type { Reported, Sizes } from '@/dev/prove/reports/workers';
import { dqResultsMirror, runDetailsMirror, runsMirror, stepLogsMirror } from '@/lib/domains/runs/mirror';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { outbox } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import type { Mirror, TableShape } from '@/lib/warehouse/mirror/define-mirror';
import { rowText } from '@/lib/warehouse/mirror/payload';
import { readCopy } from '@/lib/warehouse/mirror/read-copy';
import { verifyMirror } from '@/lib/warehouse/mirror/verify';

const drainLimitMs = 300_000;

type Row = Record<string, unknown>;

const hashOf = (texts: string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts.toSorted()) hash.update(text).update('\n');
  return hash.digest('hex').slice(0, 16);
};

async function rowsOf(shape: TableShape, dataset: string): Promise<Row[]> {
  const rows: Row[] = [];
  const question = { shape, columns: Object.keys(shape.columns), dataset };
  for await (const page of readCopy(relayDeps(), question)) rows.push(...page);
  return rows;
}

async function compare(shape: TableShape, dataset: string, wanted: Row[]): Promise<void> {
  const found = await rowsOf(shape, dataset);
  const [sentHash, storedHash] = [wanted, found].map(rows => hashOf(rows.map(row => rowText(shape, row))));
  const [key] = shape.primaryKey;
  const distinct = new Set(found.map(row => row[key as string])).size;
  say(
    `${shape.table}: ${wanted.length} rows sent, hash ${sentHash}; ${found.length} in BigQuery (${distinct} ids), hash ${storedHash}`,
  );
  check(
    found.length === wanted.length && distinct === found.length && sentHash === storedHash,
    `${shape.table} holds every row once, equal to what was sent`,
  );
}

/** Waits until nothing of the customer waits for the mirror; answers the ms it took. */
async function drained(customerId: string): Promise<number> {
  const startedAt = Date.now();
  for (;;) {
    const [left] = await db()
      .select({ changes: sql<number>`count(*)::int` })
      .from(outbox)
      .where(eq(outbox.customerId, customerId));
    const tookMs = Date.now() - startedAt;
    if (!left?.changes) return tookMs;
    if (tookMs > drainLimitMs) return Number.POSITIVE_INFINITY;
    await sleep(200);
  }
}

/** Prints and checks what became of everything that was reported. */
export async function allArrived(
  customer: { customerId: string; dataset: string },
  told: Reported,
  sizes: Sizes,
): Promise<void> {
  const tookMs = await drained(customer.customerId);
  say(`the mirror was level ${(tookMs / 1000).toFixed(1)} s after the last report`);
  check(tookMs < drainLimitMs, 'everything reaches BigQuery');
  await compare(runsMirror.shape, customer.dataset, told.runs);
  await compare(stepLogsMirror.shape, customer.dataset, told.steps);
  await compare(dqResultsMirror.shape, customer.dataset, told.checks);
  const details = await rowsOf(runDetailsMirror.shape, customer.dataset);
  const sum = (name: string) => details.reduce((total, row) => total + Number(row[name] ?? 0), 0);
  const totals = ['step_count', 'check_count', 'checks_failed', 'rows_processed'].map(sum);
  const failed = told.checks.filter(row => row.overall_status === 'FAIL').length;
  const rows = told.steps.reduce((total, row) => total + Number(row.rows_processed), 0);
  say(`run_details: ${details.length} rows; steps, checks, failed checks and rows of them: ${totals.join(', ')}`);
  const wanted = [told.steps.length, told.checks.length, failed, rows];
  check(
    details.length === sizes.workers * sizes.runs && totals.every((total, index) => total === wanted[index]),
    'the totals of all runs are those of what was sent',
  );
  const compared = await Array.fromAsync(
    verifyMirror(relayDeps(), runDetailsMirror as unknown as Mirror, customer.customerId),
  );
  check(
    compared.every(({ differences }) => differences.length === 0),
    'run_details equals Postgres row for row',
  );
}
