/** What admins read of their audit log: filtered, paged, complete as CSV, theirs alone, and no older than said. */
import { beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '@/dev/testing/world';
import { auditCsv } from '@/lib/domains/audit/csv';
import { auditFilterInput, listEntriesInput } from '@/lib/domains/audit/input';
import { listActors, listEntries } from '@/lib/domains/audit/queries';
import { firstKeptDay } from '@/lib/domains/audit/retention';
import { createKey, renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import { recordDenial, settleDenials } from '@/lib/kernel/audit/audit';
import { env } from '@/lib/platform/env';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const dayMs = 86_400_000;
const formula = '=HYPERLINK("https://evil.example")';
let world: World;
const at = (instant: Date) => ({ ...world.as('ADMIN'), clock: () => instant });
const list = (raw: object = {}) => listEntries(world.as('OWNER'), raw);
const csvOf = async (raw: object = {}) => {
  let text = '';
  for await (const piece of auditCsv(world.as('OWNER'), auditFilterInput.parse(raw))) text += piece;
  return text;
};

beforeAll(async () => {
  world = await createWorld();
  const now = Date.now();
  const kept = env().AUDIT_RETENTION_DAYS * dayMs;
  await createKey(at(new Date(now - kept - dayMs)), { name: 'too-old', scopes: ['runs:read'] });
  await createKey(at(new Date(now - 5 * dayMs)), { name: 'old', scopes: ['runs:read'] });
  const { result } = await createKey(world.system, { name: formula, scopes: ['runs:read'] });
  await renameKey(world.system, { api_key_id: result.key.api_key_id, name: 'plain' });
  await revokeKey(world.system, { api_key_id: result.key.api_key_id });
  for (let i = 0; i < 3; i++) await recordDenial(world.as('VIEWER'), 'api_key.create');
  await settleDenials(new Date(now + 60_000));
  await flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
});

test('entries come newest first, without those older than the days that are kept', async () => {
  const { entries } = await list();
  expect(entries.map(entry => entry.action).sort()).toEqual(
    ['api_key.create', 'api_key.create', 'api_key.create', 'api_key.rename', 'api_key.revoke'].sort(),
  );
  const times = entries.map(entry => entry.occurred_at.getTime());
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(JSON.stringify(entries)).not.toContain('too-old');
  const longAgo = await list({ from: '2020-01-01', to: firstKeptDay(new Date(Date.now() - dayMs)) });
  expect(longAgo.entries).toEqual([]);
});

test.each([
  ['an action', { action: 'api_key.rename' }, 1],
  ['refused attempts', { action: 'denied' }, 1],
  ['a kind of target', { target: 'api_key' }, 4],
  ['a kind of actor', { actor: 'system' }, 3],
  ['the last days', { from: new Date(Date.now() - dayMs).toISOString().slice(0, 10) }, 4],
  ['a day long ago', { to: new Date(Date.now() - 4 * dayMs).toISOString().slice(0, 10) }, 1],
  ['two conditions at once', { actor: 'system', action: 'api_key.revoke' }, 1],
  ['conditions nothing meets', { actor: 'stripe' }, 0],
])('a filter by %s answers exactly those', async (_, filter, count) => {
  expect((await list(filter)).entries).toHaveLength(count);
});

test('a filter by one person answers what that person did', async () => {
  const { entries } = await list({ actor: `user:${world.members.VIEWER.userId}` });
  expect(entries).toMatchObject([{ outcome: 'denied', occurrences: 3, action: 'api_key.create' }]);
});

test('pages follow one another without a gap or a repeat', async () => {
  const all = (await list()).entries.map(entry => entry.audit_id);
  const paged: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list({ limit: 2, ...(after ? { after } : {}) });
    expect(page.entries.length).toBeLessThanOrEqual(2);
    paged.push(...page.entries.map(entry => entry.audit_id));
    if (page.nextCursor === null) break;
    after = page.nextCursor;
  }
  expect(paged).toEqual(all);
});

test('a wrong cursor is refused', async () => {
  await expect(list({ after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test.each([
  { action: 'no.such' },
  { actor: 'nobody:1' },
  { target: 'constructor' },
  { action: 'toString' },
  { from: '21.11.2026' },
  { from: '0000-01-01' },
  { to: '0000-01-01' },
  { to: '9999-12-31' },
  { actor: 'user:\ud800' },
  { actor: 'user:a\u0000b' },
  { customer_id: 'cus_other' },
])('the filter %j is not valid', raw => {
  expect(listEntriesInput.safeParse(raw).success).toBe(false);
});

test('the CSV holds the lines of the same filter, and no cell of it can run', async () => {
  const lines = (await csvOf({ actor: 'system' })).trimEnd().split('\r\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^sequence,occurred_at,actor_type/);
  expect(lines.at(-1)).toContain(`created API key =HYPERLINK`);
  expect(lines.at(-1)).toContain(`,"'=HYPERLINK(""https://evil.example"")",`);
  expect(lines.join('\n')).not.toMatch(/(^|,)"?=/m);
  expect((await csvOf()).trimEnd().split('\r\n')).toHaveLength(6);
});

test('a CSV of nothing is its head', async () => {
  expect((await csvOf({ actor: 'stripe' })).trimEnd().split('\r\n')).toHaveLength(1);
});

test('who occurs in the log is listed once each', async () => {
  const actors = await listActors(world.as('OWNER'));
  expect(actors.map(actor => actor.actor_type).sort()).toEqual(['system', 'user', 'user']);
  expect(actors.find(actor => actor.actor_type === 'system')).toMatchObject({ actor_id: '', entries: 3 });
});

test('only owners and admins may read it, and never another organization’s', async () => {
  for (const role of ['COLLABORATOR', 'VIEWER'] as const)
    await expect(listEntries(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
  const other = await createWorld();
  expect((await listEntries(other.as('OWNER'), {})).entries).toEqual([]);
});
