/** Attempts that belong to no organization are listed for staff, whether still counted or in the audit log already. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operator } from '@/dev/testing/operator';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld, type World } from '@/dev/testing/world';
import { listRefusals, type Refusal } from '@/lib/domains/audit/refusals';
import { refusalsCsv } from '@/lib/domains/audit/refusals-csv';
import { strangerCtx } from '@/lib/edge/http/authenticate';
import { recordDenial, settleDenials } from '@/lib/kernel/audit/audit';
import { type Ctx, systemCtx } from '@/lib/kernel/ctx';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const info = { requestId: 'req-1', ipPrefix: '198.51.100.0/24', userAgent: 'curl/8.5.0' };
const minutesAgo = (minutes: number) => () => new Date(Date.now() - minutes * 60_000);
const staff: Ctx = { ...systemCtx('test'), actor: { type: 'staff', id: 'sam@staff.example' } };

let world: World;
let dropDatabase: () => Promise<void>;

beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
  world = await createWorld();
  const { userId, email } = world.members.VIEWER;
  const person: Ctx = { ...strangerCtx(info), actor: { type: 'person', id: userId, email } };
  const guess = { ...strangerCtx(info), clock: minutesAgo(5) };
  for (let times = 0; times < 3; times++) await recordDenial(guess, 'api_key.authenticate');
  await recordDenial({ ...guess, clock: minutesAgo(60 * 24 * 3) }, 'api_key.authenticate');
  await recordDenial({ ...person, clock: minutesAgo(4) }, 'support.open');
  await recordDenial(world.as('VIEWER'), 'api_key.create');
  await settleDenials(new Date());
  await recordDenial({ ...strangerCtx(info), clock: minutesAgo(1) }, 'api_key.authenticate');
}, 60_000);
afterAll(() => dropDatabase());

const brief = ({ actor_type, actor_name, tried, occurrences }: Refusal) => [actor_type, actor_name, tried, occurrences];

test('newest first, with who, from where and how often; an organization’s own refusals are not among them', async () => {
  const { refusals, nextCursor } = await listRefusals(staff, {});
  expect(refusals.map(brief)).toEqual([
    ['api_key', null, 'use a key that is not valid', 1],
    ['person', world.members.VIEWER.email, 'open the support console', 1],
    ['api_key', null, 'use a key that is not valid', 3],
    ['api_key', null, 'use a key that is not valid', 1],
  ]);
  expect(refusals[2]).toMatchObject({ actor_id: 'unknown', ip_prefix: info.ipPrefix, user_agent: info.userAgent });
  expect(nextCursor).toBeNull();
});

test('days and kind of caller narrow the list', async () => {
  expect((await listRefusals(staff, { days: 1 })).refusals).toHaveLength(3);
  const people = await listRefusals(staff, { actor: 'person' });
  expect(people.refusals.map(brief)).toEqual([['person', world.members.VIEWER.email, 'open the support console', 1]]);
});

test('pages follow one another without a gap or a repeat, also when a counted refusal becomes an entry in between', async () => {
  const seen: Refusal[] = [];
  let after: string | undefined;
  do {
    const page = await listRefusals(staff, { limit: 1, ...(after ? { after } : {}) });
    seen.push(...page.refusals);
    after = page.nextCursor ?? undefined;
    await settleDenials(new Date());
  } while (after);
  expect(seen.map(({ occurrences }) => occurrences)).toEqual([1, 1, 3, 1]);
  await expect(listRefusals(staff, { after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('the read is on record, and nobody but staff may make it', async () => {
  await listRefusals(staff, { days: 2, actor: 'service' });
  const reads = await db().select().from(auditLog).where(eq(auditLog.action, 'audit.list_refusals'));
  expect(reads.at(-1)).toMatchObject({ actorId: 'sam@staff.example', after: { days: 2, actor: 'service' } });
  await expect(listRefusals(world.as('OWNER'), {})).rejects.toMatchObject({ code: 'forbidden' });
});

test('the same as a file: a line each, whatever the size of a page', async () => {
  const pieces: string[] = [];
  for await (const piece of refusalsCsv(staff, {})) pieces.push(piece);
  const lines = pieces.join('').trimEnd().split('\r\n');
  expect(lines).toHaveLength(5);
  expect(lines[3]).toContain(',api_key,unknown,,api_key.authenticate,3,198.51.100.0/24,curl/8.5.0,req-1');
});

test('the operator reads them in a terminal, as lines or as JSON', async () => {
  const listed = await operator('audit', 'denials', '--days', '1');
  expect(listed.code).toBe(0);
  expect(listed.out).toMatch(/unknown key +198\.51\.100\.0\/24 +3× use a key that is not valid/);
  expect(listed.out).toContain('3 rows, 5 attempts in the last 1 days');
  const json = JSON.parse((await operator('audit', 'denials', '--json')).out) as Refusal[];
  expect(json).toHaveLength(4);
  expect(json[2]).toMatchObject({ actor_type: 'api_key', occurrences: 3 });
  expect(await operator('audit', 'denials', '--days', '0')).toMatchObject({ code: 2 });
});
