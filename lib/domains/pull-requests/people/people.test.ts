/** Who is who: suggested by equal e-mail, said by a person or a file, and never said over by a suggestion. */
import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  commitRow,
  insertCommits,
  insertPulls,
  insertRepository,
  pullRow,
} from '@/dev/testing/pull-requests/pull-rows';
import { insertTraces, requestRow } from '@/dev/testing/traces/trace-rows';
import { createWorld, type World } from '@/dev/testing/world';
import { confirmIdentity, rejectIdentity, removeIdentity } from '@/lib/domains/pull-requests/people/identities';
import { importIdentities } from '@/lib/domains/pull-requests/people/import-identities';
import { identityTexts } from '@/lib/domains/pull-requests/people/known-identities';
import { listPeople, listPeopleInput } from '@/lib/domains/pull-requests/people/read-people';
import { suggestLogins } from '@/lib/domains/pull-requests/people/suggest-logins';
import type { Repository } from '@/lib/domains/pull-requests/tables';
import { auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';

const now = new Date();
let world: World;
let repository: Repository;
beforeEach(async () => {
  world = await createWorld();
  repository = await insertRepository(world);
});

const commitOf = (authorEmail: string | null, authorLogin: string | null, timestamp = now) =>
  commitRow(repository, { timestamp, authorEmail, authorLogin });
const suggest = (...developers: string[]) => suggestLogins(db(), world.customerId, developers);
const confirm = (developer_id: string, login: string) =>
  confirmIdentity(world.as('COLLABORATOR'), { developer_id, login });
const reject = (developer_id: string) => rejectIdentity(world.as('COLLABORATOR'), { developer_id });
const people = async (asked: object = {}) => listPeople(world.as('VIEWER'), listPeopleInput.parse(asked));

describe('a suggestion', () => {
  test('is the one login whose commits have the developer’s e-mail address, however either is spelled, as in its last commit', async () => {
    await insertCommits([
      commitOf('Mia@Example.com', 'mia-octo', new Date(0)),
      commitOf('mia@example.com', 'Mia-Octo'),
    ]);
    expect([...(await suggest('mia@EXAMPLE.com', 'jo@example.com'))]).toEqual([['mia@EXAMPLE.com', ['Mia-Octo']]]);
  });

  test('is none where GitHub knows no account of the address, and a question where it knows several', async () => {
    await insertCommits([
      commitOf('a@example.com', null),
      commitOf('b@example.com', 'two'),
      commitOf('b@example.com', 'one'),
    ]);
    expect([...(await suggest('a@example.com', 'b@example.com'))]).toEqual([['b@example.com', ['one', 'two']]]);
  });

  test('is spelled by an address that GitHub gives to hide another', async () => {
    const [hidden, early] = ['123+octo-cat@users.noreply.github.com', 'octo@users.noreply.github.com'];
    expect([...(await suggest(hidden, early))]).toEqual([
      [hidden, ['octo-cat']],
      [early, ['octo']],
    ]);
    await insertCommits([commitOf(hidden, 'octo-renamed')]);
    expect((await suggest(hidden)).get(hidden)).toEqual(['octo-renamed']);
  });

  test('never comes from commits of another customer', async () => {
    await insertCommits([commitOf('mia@example.com', 'mia-octo')]);
    const other = await createWorld();
    expect((await suggestLogins(db(), other.customerId, ['mia@example.com'])).size).toBe(0);
  });
});

describe('what a person says', () => {
  test('counts with how it came about, is in the audit log, and saying it again changes nothing', async () => {
    await insertCommits([commitOf('mia@example.com', 'mia-octo')]);
    expect((await confirm('mia@example.com', '@Mia-octo')).result).toMatchObject({
      state: 'CONFIRMED',
      origin: 'email',
    });
    expect((await confirm('jo', 'jolind')).result).toMatchObject({ login: 'jolind', origin: 'person' });
    await confirm('jo', 'JoLind');
    expect((await identityTexts(world.customerId)).map(text => JSON.parse(text))).toEqual([
      { developer: 'jo', login: 'jolind' },
      { developer: 'mia@example.com', login: 'Mia-octo' },
    ]);
    const entries = await db()
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.customerId, world.customerId), eq(auditLog.action, 'identity.confirm')));
    expect(entries.map(({ targetId }) => targetId).sort()).toEqual(['jo', 'mia@example.com']);
  });

  test('that it is not this account stays, whatever commits suggest, until it is taken back', async () => {
    await insertCommits([commitOf('mia@example.com', 'mia-octo')]);
    await insertTraces(world, [requestRow({ at: now })]);
    expect((await reject('mia@example.com')).result).toMatchObject({ login: 'mia-octo', state: 'REJECTED' });
    expect((await people()).people).toMatchObject([{ developer_id: 'mia@example.com', state: 'REJECTED' }]);
    expect(await identityTexts(world.customerId)).toEqual(['{"developer":"mia@example.com","login":null}']);
    await removeIdentity(world.as('ADMIN'), { developer_id: 'mia@example.com' });
    expect((await people()).people).toMatchObject([{ state: 'SUGGESTED', login: 'mia-octo' }]);
  });

  test('needs an account to say no to', async () => {
    await expect(reject('nobody@example.com')).rejects.toMatchObject({ code: 'not_found' });
    await insertCommits([commitOf('two@example.com', 'one'), commitOf('two@example.com', 'two')]);
    await expect(reject('two@example.com')).rejects.toMatchObject({ code: 'conflict' });
    await expect(removeIdentity(world.as('ADMIN'), { developer_id: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(confirm('mia@example.com', 'no login')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(confirmIdentity(world.as('VIEWER'), { developer_id: 'mia', login: 'mia' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('a file', () => {
  const take = async (csv: string) => (await importIdentities(world.as('ADMIN'), { csv })).result;

  test('is taken line by line; each refused one is named with its reason, and a second time nothing changes', async () => {
    await confirm('old@example.com', 'old');
    await confirm('same@example.com', 'same');
    const csv = [
      '\uFEFFlogin,team,developer_id',
      'mia-octo,core,mia@example.com',
      '"new-login","a ""quoted"", team",old@example.com',
      'Same,,same@example.com',
      'not a login,,x@example.com',
      ',,y@example.com',
      'nobody,,',
      'twice,,mia@example.com',
      '',
    ].join('\r\n');
    const refused = [
      { line: 5, problem: expect.stringContaining('A login has') },
      { line: 6, problem: expect.stringContaining('A login has') },
      { line: 7, problem: 'Name the developer.' },
      { line: 8, problem: 'Line 2 names this developer already.' },
    ];
    expect(await take(csv)).toEqual({ taken: 2, unchanged: 1, refused });
    expect(await take(csv)).toEqual({ taken: 0, unchanged: 3, refused });
    expect((await identityTexts(world.customerId)).map(text => JSON.parse(text).login)).toEqual([
      'mia-octo',
      'new-login',
      'same',
    ]);
  });

  test('without its head line, or with nothing in it, is refused as a whole', async () => {
    for (const csv of ['mia@example.com,mia-octo', '\n', '"developer_id,login'])
      await expect(take(csv)).rejects.toMatchObject({ code: 'invalid_input', fields: [{ path: 'csv' }] });
  });
});

test('the page of people names who waits for an answer first, and accounts that nobody is', async () => {
  await insertCommits([commitOf('mia@example.com', 'mia-octo')]);
  const pull = (author: string) => pullRow(repository, { createdAt: now, author });
  await insertPulls(world, [pull('mia-octo'), pull('Sam'), pull('ghost'), pull('ghost')]);
  const by = (developer_id: string, book_cost_usd: number) => requestRow({ at: now, developer_id, book_cost_usd });
  await insertTraces(world, [by('mia@example.com', 1), by('sam', 3), by('who@example.com', 2)]);
  await confirm('gone@example.com', 'gone');
  const page = await people();
  expect(page.people.map(({ developer_id, state, login }) => [developer_id, state, login])).toEqual([
    ['mia@example.com', 'SUGGESTED', 'mia-octo'],
    ['who@example.com', 'UNKNOWN', null],
    ['gone@example.com', 'CONFIRMED', 'gone'],
    ['sam', 'SAME_NAME', 'Sam'],
  ]);
  expect(page.counts).toMatchObject({ SUGGESTED: 1, UNKNOWN: 1, CONFIRMED: 1, SAME_NAME: 1, SEVERAL: 0, REJECTED: 0 });
  expect(page.unmatched_logins.map(({ login, pull_requests }) => [login, pull_requests]).sort()).toEqual([
    ['ghost', 2],
    ['mia-octo', 1],
  ]);
  const first = await people({ limit: 3 });
  const rest = await people({ limit: 3, after: first.nextCursor ?? '' });
  expect([...first.people, ...rest.people]).toEqual(page.people);
  expect(rest.nextCursor).toBeNull();
  expect((await people({ state: 'UNKNOWN' })).people).toHaveLength(1);
  expect((await people({ q: 'OCTO' })).people).toMatchObject([{ developer_id: 'mia@example.com' }]);
  await expect(people({ after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_cursor' });
  await confirm('mia@example.com', 'mia-octo');
  expect((await people()).unmatched_logins).toMatchObject([{ login: 'ghost' }]);
});
