/** A customer of the running demo with 100,000 runs of 90 days, the same in Postgres and in BigQuery. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, eq, sql } from 'drizzle-orm';
import { demoPipelines } from '@/dev/seed/pipelines';
import { seededRandom } from '@/dev/seed/random';
import { customers } from '@/lib/domains/customers/tables';
import { insertCustomer } from '@/lib/domains/organizations/create';
import { runDetailsMirror, runsMirror } from '@/lib/domains/runs/mirror';
import { errorFingerprint, errorPattern } from '@/lib/domains/runs/rules';
import { type Run, runs } from '@/lib/domains/runs/tables';
import { users } from '@/lib/domains/team/tables';
import { dataVersions } from '@/lib/kernel/tables';
import { bigquery } from '@/lib/platform/bigquery/bigquery';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { newId } from '@/lib/platform/ids';
import { ensureTenantDataset } from '@/lib/warehouse/schemas/apply';

export type ManyRuns = { customerId: string; tenantDatasetId: string; email: string };

export const runCount = 100_000;
const days = 90;
const dayMs = 86_400_000;
const rowsPerInsert = 1_000;
const rowsPerLoad = 25_000;
const mirrors = [runsMirror, runDetailsMirror];

/** The whole name says the day: a fixture of an earlier one has runs that are too old. */
const companyName = () => `Bench ${runCount} runs ${utcDay(new Date())}`;

async function newCustomer(): Promise<ManyRuns> {
  const email = `bench-${newId('person')}@example.com`;
  const customer = await db().transaction(async tx => {
    const userId = newId('usr');
    await tx.insert(users).values({ userId, email, fullName: 'Bench' });
    const made = await insertCustomer(tx, {
      companyName: companyName(),
      plan: 'SCALE',
      owner: { userId, email, fullName: 'Bench' },
      createdBy: email,
      createdAt: new Date(),
    });
    return made.customer;
  });
  await ensureTenantDataset(bigquery(), customer.tenantDatasetId, env().BIGQUERY_LOCATION);
  return { customerId: customer.customerId, tenantDatasetId: customer.tenantDatasetId, email };
}

/** The one made earlier today, if all its runs are there. */
async function madeBefore(): Promise<ManyRuns | null> {
  const [found] = await db().select().from(customers).where(eq(customers.companyName, companyName()));
  if (!found) return null;
  const [held] = await db()
    .select({ rows: sql<number>`count(*)::int` })
    .from(dataVersions)
    .where(and(eq(dataVersions.customerId, found.customerId), eq(dataVersions.tableName, runDetailsMirror.name)));
  return held?.rows
    ? { customerId: found.customerId, tenantDatasetId: found.tenantDatasetId, email: found.adminEmail }
    : null;
}

/** Ended runs at an even pace until a minute ago: 7 in 100 failed, 2 cancelled. */
function* history(customerId: string): Generator<typeof runs.$inferInsert> {
  const random = seededRandom(100_000);
  const lastMs = Date.now() - 60_000;
  for (let index = 0; index < runCount; index++) {
    const startTime = new Date(lastMs - Math.floor((index * (days * dayMs - 120_000)) / runCount));
    const pipeline = random.pick(demoPipelines);
    const share = random.next();
    const failure = share < 0.07 ? random.pick(pipeline.failures).message(random) : null;
    const pattern = failure && errorPattern(failure);
    const durationMs = random.between(20_000, 900_000);
    yield {
      pipelineLoggingId: random.uuid(),
      customerId,
      pipelineId: pipeline.id,
      status: failure ? 'FAILED' : share > 0.98 ? 'CANCELLED' : 'COMPLETED',
      triggerType: random.pick(['api', 'scheduler', 'manual', 'retry'] as const),
      triggerBy: 'scheduler',
      startedBy: 'api_key:bench',
      apiKeyId: 'bench',
      createdAt: startTime,
      runDay: utcDay(startTime),
      quotaCharge: 1,
      startTime,
      endTime: new Date(startTime.getTime() + durationMs),
      durationMs,
      configVersion: random.uuid().slice(0, 7),
      workerInstance: `worker-${random.between(1, 9)}`,
      errorMessage: failure,
      parameters: { date: utcDay(startTime), batch_size: 1000, filters: { region: random.pick(['US', 'EU']) } },
      leaseSeconds: 900,
      leaseExpiresAt: new Date(startTime.getTime() + 900_000),
      stepCount: 5,
      checkCount: 2,
      checksFailed: failure ? 1 : 0,
      rowsProcessed: random.between(1_000, 900_000),
      errorPattern: pattern,
      errorFingerprint: pattern && errorFingerprint(pattern),
    };
  }
}

/** Loads rows as the service takes them from a file: nothing is billed, and it is the fastest way in locally too. */
async function loadRows(dataset: string, rows: Run[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    for (const mirror of mirrors) {
      const file = join(folder, `${mirror.shape.table}.ndjson`);
      await writeFile(file, rows.map(run => JSON.stringify(mirror.toRow(run))).join('\n'));
      const table = bigquery().dataset(dataset).table(mirror.shape.table);
      await table.load(file, { sourceFormat: 'NEWLINE_DELIMITED_JSON', writeDisposition: 'WRITE_APPEND' });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function fill({ customerId, tenantDatasetId }: ManyRuns): Promise<void> {
  const made = [...history(customerId)];
  for (let start = 0; start < made.length; start += rowsPerLoad) {
    const stored: Run[] = [];
    for (let at = start; at < Math.min(start + rowsPerLoad, made.length); at += rowsPerInsert) {
      stored.push(
        ...(await db()
          .insert(runs)
          .values(made.slice(at, at + rowsPerInsert))
          .returning()),
      );
    }
    await loadRows(tenantDatasetId, stored);
  }
  const versions = mirrors.map(({ name }) => ({ tableName: name, customerId, version: 1 }));
  await db().insert(dataVersions).values(versions).onConflictDoNothing();
}

/** The customer; made and filled where today has none yet. */
export async function manyRuns(): Promise<ManyRuns> {
  const before = await madeBefore();
  if (before) return before;
  const customer = await newCustomer();
  await fill(customer);
  return customer;
}
