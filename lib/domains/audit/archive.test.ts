/** Months beyond the retention leave whole, with a sealed file behind them, and the log still verifies without a gap. */

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld, type World } from '@/dev/testing/world';
import { archiveMonth, archiveOldMonths, deleteArchivedCopies, monthsToArchive } from '@/lib/domains/audit/archive';
import { prepareMonths } from '@/lib/domains/audit/jobs';
import { isWhole, verifyAuditLog } from '@/lib/domains/audit/verify';
import { createKey } from '@/lib/domains/keys/commands';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { type ArchiveStatement, openStatement } from '@/lib/kernel/audit/audit-checkpoint';
import { systemCtx } from '@/lib/kernel/ctx';
import { auditArchives, auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

/** Months that no other test writes to, because BigQuery's table is shared. */
const firstMonth = `19${80 + Math.floor(Math.random() * 19)}-0${1 + Math.floor(Math.random() * 8)}`;
const secondMonth = `${firstMonth.slice(0, 6)}${Number(firstMonth.slice(6)) + 1}`;
const instant = (month: string, day: string) => new Date(`${month}-${day}T12:00:00Z`);

let folder: string;
let dropDatabase: () => Promise<void>;
let world: World;
const ctx = () => systemCtx('test');
const verify = () => verifyAuditLog(relayDeps(), world.customerId);
const create = (at: Date, name: string) =>
  createKey({ ...world.system, clock: () => at }, { name, scopes: ['runs:read'] });
const flush = () => flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 30_000 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantry-archive-test-'));
  process.env.AUDIT_ARCHIVE_URL = `file://${folder}`;
  dropDatabase = await useOwnDatabase();
  world = await createWorld();
  // In the order of sequence, months mixed: refusals are written after the minute they belong to.
  await create(instant(firstMonth, '03'), 'one');
  await create(instant(secondMonth, '04'), 'two');
  await create(instant(firstMonth, '05'), 'three');
  await create(new Date(), 'now');
  await flush();
}, 60_000);

afterAll(async () => {
  await dropDatabase();
  await rm(folder, { recursive: true, force: true });
});

const statementOf = async (archiveId: string): Promise<ArchiveStatement | null> => {
  const [row] = await db().select().from(auditArchives).where(eq(auditArchives.archiveId, archiveId));
  return row ? openStatement(row) : null;
};

test('entries of a month without a partition are kept, and move into theirs', async () => {
  expect(await monthsToArchive(new Date())).toEqual([]);
  expect(await prepareMonths(new Date())).toBe(2);
  expect(await monthsToArchive(new Date())).toEqual([firstMonth, secondMonth]);
  expect(await prepareMonths(new Date())).toBe(0);
  expect(await verify()).toMatchObject({ faults: [], lost: [], rows: 4 });
});

test('a month that is still kept cannot be archived', async () => {
  const month = new Date().toISOString().slice(0, 7);
  await expect(archiveMonth(ctx(), { month })).rejects.toMatchObject({ code: 'conflict' });
});

test('an archived month is in its file, sealed, gone from Postgres and BigQuery, and nothing counts as missing', async () => {
  await archiveMonth(ctx(), { month: firstMonth });
  const statement = await statementOf(firstMonth);
  expect(statement).toMatchObject({
    rows: 2,
    scopes: {
      [world.customerId]: [
        [1, 1],
        [3, 3],
      ],
    },
  });
  const lines = gunzipSync(await readFile(fileURLToPath(statement?.location ?? '')))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { sequence: number; scope: string; after: { name: string } });
  expect(lines.map(line => [line.scope, line.sequence, line.after.name])).toEqual([
    [world.customerId, 1, 'one'],
    [world.customerId, 3, 'three'],
  ]);
  expect(await deleteArchivedCopies(new Date())).toBe(2);
  expect(await deleteArchivedCopies(new Date())).toBe(0);
  const log = await verify();
  expect(log).toMatchObject({ faults: [], lost: [], differences: [], rows: 4, bigqueryRows: 2 });
  expect(isWhole(log)).toBe(true);
});

test('that a month was archived is itself in the log', async () => {
  const [entry] = await db().select().from(auditLog).where(eq(auditLog.action, 'audit.archive'));
  expect(entry).toMatchObject({ scope: 'system', targetId: firstMonth, outcome: 'ok', after: { rows: 2 } });
});

test('an entry that comes late for an archived month is kept, and leaves in a second file', async () => {
  await create(instant(firstMonth, '06'), 'late');
  await flush();
  await prepareMonths(new Date());
  const { months, rows } = await archiveOldMonths(ctx());
  expect({ months, rows }).toEqual({ months: [firstMonth, secondMonth], rows: 2 });
  expect(await statementOf(`${firstMonth}-2`)).toMatchObject({ rows: 1, scopes: { [world.customerId]: [[5, 5]] } });
  await deleteArchivedCopies(new Date());
  expect(await verify()).toMatchObject({ faults: [], lost: [], rows: 5, bigqueryRows: 1 });
  expect(await readdir(folder)).toHaveLength(3);
});

test('a statement changed by hand is found, and what it covered counts as missing', async () => {
  await db().execute(
    sql`UPDATE audit_archives SET statement = replace(statement, '"rows":2', '"rows":1') WHERE archive_id = ${firstMonth}`,
  );
  const log = await verify();
  expect(log.forged).toEqual([firstMonth]);
  expect(log.faults.map(fault => [fault.from, fault.to])).toEqual([
    [1, 1],
    [3, 3],
  ]);
  await db().execute(
    sql`UPDATE audit_archives SET statement = replace(statement, '"rows":1', '"rows":2') WHERE archive_id = ${firstMonth}`,
  );
  expect(isWhole(await verify())).toBe(true);
});

test('a seal of another month does not fit', async () => {
  await db().execute(sql`UPDATE audit_archives SET seal = (SELECT seal FROM audit_archives WHERE archive_id = ${secondMonth})
    WHERE archive_id = ${`${firstMonth}-2`}`);
  expect((await verify()).forged).toEqual([`${firstMonth}-2`]);
});

test('a file that was changed or is gone is found', async () => {
  const statement = await statementOf(secondMonth);
  const path = fileURLToPath(statement?.location ?? '');
  await writeFile(path, 'something else');
  expect((await verify()).damagedFiles).toEqual([secondMonth]);
  await rm(path);
  expect((await verify()).damagedFiles).toEqual([secondMonth]);
});
