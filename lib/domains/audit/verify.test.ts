/** The audit log has no gap whatever happens at once, and what is taken from it by hand is found and named. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld, type World } from '@/dev/testing/world';
import { isWhole, verifyAuditLog } from '@/lib/domains/audit/verify';
import { createKey, renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { settleDenials } from '@/lib/kernel/audit/audit';
import { verifyAudit } from '@/lib/kernel/audit/audit-verify';
import { db } from '@/lib/platform/db';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const worldsCount = 20;
const commandsCount = 1_000;
const atOnce = 16;

let worlds: World[];
let dropDatabase: () => Promise<void>;
const keys = new Map<string, string[]>();
const tally = { done: 0, refused: 0, failed: 0 };

/** One random command: most succeed, some are refused, some fail inside their transaction. */
async function randomCommand(): Promise<void> {
  const world = worlds[Math.floor(Math.random() * worlds.length)] as World;
  const mine = keys.get(world.customerId) ?? [];
  keys.set(world.customerId, mine);
  const key = mine[Math.floor(Math.random() * mine.length)];
  try {
    const dice = Math.random();
    if (dice < 0.1) await createKey(world.as('VIEWER'), { name: 'refused', scopes: ['runs:read'] });
    else if (dice < 0.2) await renameKey(world.system, { api_key_id: crypto.randomUUID(), name: 'nobody' });
    else if (!key || dice < 0.5) {
      const { result } = await createKey(world.system, { name: `key-${mine.length}`, scopes: ['runs:read'] });
      mine.push(result.key.api_key_id);
    } else if (dice < 0.8) await renameKey(world.system, { api_key_id: key, name: `renamed-${Math.random()}` });
    else await revokeKey(world.system, { api_key_id: key });
    tally.done++;
  } catch (error) {
    if ((error as { code?: string }).code === 'forbidden') tally.refused++;
    else tally.failed++;
  }
}

const customers = () => worlds.map(world => world.customerId);

beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
  worlds = await Promise.all(Array.from({ length: worldsCount }, () => createWorld()));
  let started = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (started++ < commandsCount) await randomCommand();
    }),
  );
  await Promise.all([settleDenials(new Date(Date.now() + 60_000)), settleDenials(new Date(Date.now() + 60_000))]);
  await flushOnce(relayDeps(), { customers: customers(), lockWaitMs: 60_000 });
}, 180_000);

afterAll(() => dropDatabase());

const cli = (...line: string[]) => operator('audit', ...line);

/** Changes rows as the table's owner could: with the trigger off. */
async function byHand(statement: ReturnType<typeof sql>): Promise<void> {
  await db().transaction(async tx => {
    await tx.execute(sql`ALTER TABLE audit_log DISABLE TRIGGER USER`);
    await tx.execute(statement);
    await tx.execute(sql`ALTER TABLE audit_log ENABLE TRIGGER USER`);
  });
}

test('after 1,000 random commands at once no sequence has a gap, and BigQuery holds the same', async () => {
  expect(tally.done + tally.refused + tally.failed).toBe(commandsCount);
  expect(Math.min(tally.done, tally.refused, tally.failed)).toBeGreaterThan(10);
  const whole = await verifyAudit();
  expect(whole).toMatchObject({ faults: [], forged: [] });
  expect(whole.rows).toBeGreaterThan(500);
  for (const customerId of customers().slice(0, 5)) {
    const log = await verifyAuditLog(relayDeps(), customerId);
    expect(log).toMatchObject({ faults: [], lost: [], differences: [] });
    expect(log.bigqueryRows).toBe(log.rows);
  }
}, 120_000);

test('every command that was done is in the log once, every refusal is counted', async () => {
  const { rows } = await db().execute<{ refused: string }>(
    sql`SELECT coalesce(sum(occurrences), 0) AS refused FROM audit_log WHERE outcome = 'denied'`,
  );
  expect(Number(rows[0]?.refused)).toBe(tally.refused);
});

test('a row deleted by hand is detected, named, and what it said is shown from the copy', async () => {
  const { customerId } = worlds[0] as World;
  expect(await cli('verify', '--customer', customerId)).toMatchObject({ code: 0 });
  await byHand(sql`DELETE FROM audit_log WHERE scope = ${customerId} AND sequence = 2`);
  const { code, out } = await cli('verify', '--customer', customerId);
  expect(code).toBe(1);
  expect(out).toContain(`${customerId}: 2 missing`);
  expect(out).toMatch(new RegExp(`${customerId}: 2 is only in BigQuery: .* (api_key\\.|customer\\.)`));
});

test('the last row deleted and the head turned back is detected by the copy', async () => {
  const { customerId } = worlds[1] as World;
  await byHand(
    sql`DELETE FROM audit_log WHERE scope = ${customerId} AND sequence = (SELECT sequence FROM audit_heads WHERE scope = ${customerId})`,
  );
  await db().execute(sql`UPDATE audit_heads SET sequence = sequence - 1 WHERE scope = ${customerId}`);
  const log = await verifyAuditLog(relayDeps(), customerId);
  expect(log.faults).toEqual([]);
  expect(log.lost).toHaveLength(1);
  expect(isWhole(log)).toBe(false);
});

test('a row changed by hand is detected, with the column that differs', async () => {
  const { customerId } = worlds[2] as World;
  await byHand(sql`UPDATE audit_log SET actor_id = 'somebody else' WHERE scope = ${customerId} AND sequence = 1`);
  const { code, out } = await cli('verify', '--customer', customerId);
  expect(code).toBe(1);
  expect(out).toMatch(/different \(actor_id\)/);
});

test.each([
  [sql`UPDATE audit_log SET action = 'nothing'`],
  [sql`DELETE FROM audit_log`],
  [sql`TRUNCATE audit_log`],
  [sql.raw(`DELETE FROM audit_log_${new Date().toISOString().slice(0, 7).replace('-', '_')}`)],
])('no statement changes or deletes rows (%#)', async statement => {
  const refused = await db()
    .execute(statement)
    .catch((error: unknown) => error);
  expect(String((refused as Error).cause)).toContain('append-only');
});

test('a wrong word says how the command is used', async () => {
  expect(await cli('verfy')).toMatchObject({ code: 2, err: expect.stringContaining('USAGE npm run cli -- audit') });
});
