/** A session's file proves by itself that nothing of it was changed, and shows nothing of anybody else. */
import { eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { chatEvent, dropAgentLogs, eraseNow, recordAndLoad } from '@/dev/testing/agent-log/record';
import { createWorld, type World } from '@/dev/testing/world';
import { sealChains } from '@/lib/domains/agent-log/checkpoints/jobs';
import { eraseUser } from '@/lib/domains/agent-log/erasure/erase-user';
import { exportSession } from '@/lib/domains/agent-log/export/export-session';
import type { ProofFile } from '@/lib/domains/agent-log/export/proof-file';
import { verifyFile } from '@/lib/domains/agent-log/export/verify-file';
import { agentLogUsers } from '@/lib/domains/agent-log/tables';
import { db } from '@/lib/platform/db';

const worlds: World[] = [];
afterAll(() => dropAgentLogs(worlds));

/** A customer with a session of three events, and one of somebody else between them. */
async function logged(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  const own = (text: string) => chatEvent({ session_id: 'mine', content: { text }, metadata: { n: 1.5 } });
  const other = chatEvent({ session_id: 'other', user_id: 'bob', content: 'what bob said' });
  await recordAndLoad(world, [own('a'), other, own('b')]);
  await recordAndLoad(world, [own('c')]);
  return world;
}
const file = (world: World) => exportSession(world.as('VIEWER'), { session_id: 'mine' });
const verified = (proof: unknown, seals = true) => verifyFile(JSON.stringify(proof), { seals });

test('the file holds the session, its links and the checkpoint after it, and verifies by itself', async () => {
  const world = await logged();
  await sealChains(world);
  const proof = await file(world);
  expect(proof.events.map(({ sequence, event }) => [sequence, event.content])).toEqual([
    [1, { text: 'a' }],
    [3, { text: 'b' }],
    [4, { text: 'c' }],
  ]);
  expect(proof.chain.map(row => row.sequence)).toEqual([1, 2, 3, 4]);
  expect(proof.checkpoints).toMatchObject([{ sequence: 4 }]);
  const day = proof.checkpoints[0]?.day ?? '';
  const sound = { sessionId: 'mine', proved: 3, erased: 0, checkpoints: [day], problems: [] };
  expect(await verified(proof)).toEqual(sound);
  expect(await verified(proof, false)).toEqual(sound);
});

test('it holds nothing of what others said, and no salt of a user', async () => {
  const world = await logged();
  const text = JSON.stringify(await file(world));
  expect(text).not.toContain('what bob said');
  expect(text).not.toContain('bob');
  const users = await db().select().from(agentLogUsers).where(eq(agentLogUsers.customerId, world.customerId));
  for (const { salt } of users) expect(text).not.toContain(salt.toString('hex'));
});

const changes: [string, (proof: ProofFile) => unknown, RegExp][] = [
  ['content', proof => Object.assign(proof.events[1]?.event ?? {}, { content: 'x' }), /event .* \(row 3\) was changed/],
  ['a salt', proof => Object.assign(proof.events[1] ?? {}, { salt: '0'.repeat(64) }), /row 3\) was changed/],
  [
    'a row of the chain',
    proof => Object.assign(proof.chain[1] ?? {}, { user_ref: 'x' }),
    /row 2 of the chain was changed/,
  ],
  ['a row that is left out', proof => proof.chain.splice(1, 1), /row 3 of the chain is out of order/],
  ['the order', proof => proof.chain.reverse(), /out of order/],
  ['the session', proof => Object.assign(proof, { session_id: 'another' }), /of another session/],
  ['the customer', proof => Object.assign(proof, { customer_id: 'another' }), /checkpoint of .* is of another chain/],
  [
    'a seal',
    proof => Object.assign(proof.checkpoints[0] ?? {}, { seal: Buffer.from('x').toString('base64') }),
    /does not fit its seal/,
  ],
  [
    'a statement',
    proof =>
      Object.assign(proof.checkpoints[0] ?? {}, {
        statement: proof.checkpoints[0]?.statement.replace('"recorded_at":"20', '"recorded_at":"21'),
      }),
    /does not fit its seal/,
  ],
  ['its form', proof => Object.assign(proof, { format: 'x' }), /no proof of a session/],
];
test.each(changes)('a file with another value of %s does not hold', async (_, change, problem) => {
  const world = await logged();
  await sealChains(world);
  const proof = await file(world);
  change(proof);
  expect((await verified(proof)).problems.join('\n')).toMatch(problem);
});

test('what is no file at all is told as a problem', async () => {
  expect((await verifyFile('{', { seals: false })).problems).toEqual(['this is no JSON']);
});

test('a session without a checkpoint yet says so; one of an erased user proves what is left', async () => {
  const world = await logged();
  const proof = await file(world);
  expect(proof.checkpoints).toEqual([]);
  expect(await verified(proof)).toMatchObject({ proved: 3, checkpoints: [], problems: [] });
  await eraseUser(world.as('OWNER'), { user_id: 'ada@example.com' });
  await eraseNow(world);
  const erased = await file(world);
  expect(erased.events.map(({ salt, event }) => [salt, event.content])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
  expect(await verified(erased)).toMatchObject({ proved: 0, erased: 3, problems: [] });
});

test('a session of another customer, and one that there is not, are not found', async () => {
  const [world, other] = [await logged(), await createWorld()];
  await expect(exportSession(other.as('OWNER'), { session_id: 'mine' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(exportSession(world.as('OWNER'), { session_id: 'none' })).rejects.toMatchObject({ code: 'not_found' });
});
