/**
 * Keeps a month's billing report outside the stores: two compressed CSV files, written once.
 * Source: docs/spec/requirements.md, C-64.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { and, count, inArray, lt } from 'drizzle-orm';
import { invoicesMirror, subscriptionChangesMirror } from '@/lib/domains/subscriptions/mirror';
import {
  daysOf,
  type MonthReport,
  readMonthChanges,
  readMonthReport,
} from '@/lib/domains/subscriptions/reports/reports';
import { changesCsv, customersCsv } from '@/lib/domains/subscriptions/reports/reports-csv';
import type { Ctx } from '@/lib/kernel/ctx';
import { outbox } from '@/lib/kernel/tables';
import { addDays, utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { putArchive, readArchive } from '@/lib/platform/files/archive-store';

export type StoredReport = {
  month: string;
  customers: number;
  changes: number;
  runs: number;
  /** Totals by currency, in its smallest unit. */
  invoiced: Record<string, number>;
  files: string[];
};

/** Stores a text under a name that holds its hash: one that is there already is the same. Answers its address. */
async function storeText(base: string, name: string, text: string): Promise<string> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const path = `billing/${name}-${hash}.csv.gz`;
  const location = `${base.replace(/\/+$/, '')}/${path}`;
  const isThere = await readArchive(location).then(
    stream => Boolean(stream.destroy()),
    () => false,
  );
  if (isThere) return location;
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-report-'));
  try {
    const file = join(folder, 'report.csv.gz');
    await writeFile(file, gzipSync(text));
    return await putArchive(base, path, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const reportedTables = [subscriptionChangesMirror.name, invoicesMirror.name, 'customers.customer_usage_quotas'];

/** Rows of the month or before that BigQuery has not got yet. */
async function rowsBehind(lastDay: string, customers?: string[]): Promise<number> {
  const [waiting] = await db()
    .select({ rows: count() })
    .from(outbox)
    .where(
      and(
        inArray(outbox.mirror, reportedTables),
        // Days and instants alike begin with the day.
        lt(outbox.partitionValue, addDays(lastDay, 1)),
        customers ? inArray(outbox.customerId, customers) : undefined,
      ),
    );
  return waiting?.rows ?? 0;
}

function invoicedTotals({ customers }: MonthReport): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const { currency, total_cents } of customers.flatMap(row => row.invoiced))
    totals[currency] = (totals[currency] ?? 0) + total_cents;
  return totals;
}

/**
 * Writes the month's report below `base` and answers where. Repeatable: the same figures are the same files. AppError
 * conflict while the month runs, or while BigQuery lacks rows of it (of `customers`, or of all).
 */
export async function storeMonthReport(
  ctx: Ctx,
  month: string,
  base: string,
  customers?: string[],
): Promise<StoredReport> {
  const { lastDay } = daysOf(month, ctx.clock);
  if (utcDay(ctx.clock()) <= lastDay) throw new AppError('conflict', `${month} is not over yet.`);
  const behind = await rowsBehind(lastDay, customers);
  if (behind > 0)
    throw new AppError('conflict', `BigQuery still lacks ${behind} rows of ${month}. Run it again later.`);
  const report = await readMonthReport(ctx, month);
  const changes = await readMonthChanges(ctx, month);
  if (report.stale) throw new AppError('warehouse_unavailable', 'BigQuery could not be asked. Run it again later.');
  const files = [
    await storeText(base, `${month}-customers`, customersCsv(report)),
    await storeText(base, `${month}-changes`, changesCsv(changes)),
  ];
  return {
    month,
    customers: report.customers.length,
    changes: changes.length,
    runs: report.customers.reduce((sum, row) => sum + row.runs, 0),
    invoiced: invoicedTotals(report),
    files,
  };
}
