/** `cli agent-log …` as an operator types it, judged by its output and exit code. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { askAgentLog, chatEvent, dropAgentLogs, recordAndLoad } from '@/dev/testing/agent-log/record';
import { operator } from '@/dev/testing/operator';
import { createWorld, type World } from '@/dev/testing/world';

const worlds: World[] = [];
const folder = await mkdtemp(join(tmpdir(), 'agent-log-'));
afterAll(async () => {
  await dropAgentLogs(worlds);
  await rm(folder, { recursive: true });
});
async function logged(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  await recordAndLoad(world, [chatEvent(), chatEvent()]);
  return world;
}
const cli = (...words: string[]) => operator('agent-log', ...words);

test('verify says that a log is whole, and exits 1 naming what is wrong where it is not', async () => {
  const world = await logged();
  const whole = await cli('verify', '--customer', world.customerId);
  expect(whole.out).toContain(`${world.customerId}: 2 rows of the chain, 2 events, 0 checkpoints: whole`);
  expect(whole.code).toBe(0);
  await askAgentLog(world, "UPDATE agent.chat_events SET session_id = 'x' WHERE TRUE");
  const faulty = await cli('verify', '--customer', world.customerId);
  expect(faulty.out).toMatch(/row 1, event [\da-f-]{36}: the row of the event was changed/);
  expect(faulty.out).toContain('2 faults');
  expect(faulty.code).toBe(1);
});

test('a session is exported, its file verified by itself, a changed one refused', async () => {
  const world = await logged();
  const file = join(folder, 'session.json');
  const out = await cli('export', '--customer', world.customerId, '--session', 'session-1', '--out', file);
  expect(out).toMatchObject({ code: 0, out: expect.stringContaining('2 events, 2 rows of the chain') });
  const sound = await cli('verify', '--file', file);
  expect(sound.out).toContain(
    'session session-1: 2 events as they were recorded, 0 erased, sealed by no checkpoint yet',
  );
  expect(sound.code).toBe(0);
  await writeFile(file, (await readFile(file, 'utf8')).replace('Which table', 'What table'));
  const changed = await cli('verify', '--file', file);
  expect(changed.out).toContain('was changed');
  expect(changed.code).toBe(1);
  expect((await cli('verify', '--file', file, '--customer', 'x')).code).toBe(2);
});

test('a user is erased at once where all rows have arrived; an unknown one or customer is told', async () => {
  const world = await logged();
  const erased = await cli('erase-user', '--customer', world.customerId, '--user', 'ada@example.com');
  expect(erased.out).toMatch(/ale_\w+: (done|begun)/);
  expect(erased.code).toBe(0);
  const again = await cli('erase-user', '--customer', world.customerId, '--user', 'nobody');
  expect(again.code).toBe(1);
  expect(again.err).toContain('no events of this user');
  expect((await cli('verify', '--customer', 'cus_nobody')).err).toContain('There is no customer cus_nobody');
});
