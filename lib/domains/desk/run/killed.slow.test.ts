/** A process that is killed in the middle of a query neither loses nor doubles a byte: its job says what it billed, once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { and, eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { dropDesks } from '@/dev/testing/desk/desk';
import { createWorld, type World } from '@/dev/testing/world';
import { leastBytes } from '@/lib/domains/desk/rules';
import { settleLostQueries } from '@/lib/domains/desk/run/lost-queries';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { deskDays, deskQueries } from '@/lib/domains/desk/tables';
import { requireCustomer, systemCtx } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { randomText } from '@/lib/platform/ids';

const worlds: World[] = [];
afterAll(() => dropDesks(worlds));

/** Runs a query in a process that dies where it is told to; answers the query's row. */
async function killedAt(point: 'reserved' | 'sent', token: string, world: World) {
  const { customerId, tenantDatasetId } = world;
  const child = spawn(
    'node_modules/.bin/tsx',
    ['dev/testing/desk/killed-desk.ts', customerId, tenantDatasetId, token, point],
    { stdio: 'inherit' },
  );
  const [, signal] = await once(child, 'exit');
  // tsx passes its child's end on, as the signal or as 128 + 9.
  expect(signal === 'SIGKILL' || child.exitCode === 137).toBe(true);
  const [query] = await db().select().from(deskQueries).where(eq(deskQueries.customerId, customerId));
  if (!query) throw new Error('the query was not stored');
  expect(query).toMatchObject({ status: 'RUNNING', bytesBilled: null, estimatedBytes: leastBytes });
  return query;
}
const bytesOf = async ({ customerId }: World, at: Date) => {
  const ofDay = and(eq(deskDays.customerId, customerId), eq(deskDays.day, utcDay(at)));
  return (await db().select().from(deskDays).where(ofDay))[0];
};
const inFiveMinutes = () => systemCtx('test', undefined, () => new Date(Date.now() + 300_000));
async function open(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}

test.each([
  ['reserved', { status: 'FAILED', bytesBilled: 0 }],
  ['sent', { status: 'COMPLETED', bytesBilled: leastBytes }],
] as const)('killed once it was %s, a query is settled by two workers at once, and counts once', async (point, end) => {
  const world = await open();
  const { queryId, startedAt } = await killedAt(point, `token-${randomText(10)}`, world);
  expect(await bytesOf(world, startedAt)).toMatchObject({ bytes: leastBytes, queries: 1 });
  await Promise.all([settleLostQueries(inFiveMinutes()), settleLostQueries(inFiveMinutes())]);
  const [settled] = await db().select().from(deskQueries).where(eq(deskQueries.queryId, queryId));
  expect(settled).toMatchObject(end);
  expect(await bytesOf(world, startedAt)).toMatchObject({ bytes: end.bytesBilled, queries: 1 });
});

test('its request that is sent again carries it out, and it is billed once', async () => {
  const world = await open();
  const token = `token-${randomText(10)}`;
  const { queryId, startedAt } = await killedAt('reserved', token, world);
  const caller = requireCustomer(systemCtx('killed', world));
  const again = () => runQuery(caller, { sql: 'SELECT sha FROM commits', request_token: token }, { door: 'api' });
  const answers = await Promise.all([again(), again()]);
  expect(answers.map(answer => [answer.queryId, answer.bytesBilled])).toEqual(Array(2).fill([queryId, leastBytes]));
  expect(await bytesOf(world, startedAt)).toMatchObject({ bytes: leastBytes, queries: 1 });
});
