/** Every list paged by a cursor refuses one that we did not write: 400, never a question to BigQuery that makes it fail. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createWorld } from '@/dev/testing/world';
import { listSessions as listAgentSessions, listSessionsInput } from '@/lib/domains/agent-log/sessions/list-sessions';
import { listSessionEvents } from '@/lib/domains/agent-log/sessions/session-events';
import { listSnapshots, listSnapshotsInput } from '@/lib/domains/agent-log/snapshots/snapshots';
import { listEntries } from '@/lib/domains/audit/queries';
import { listCredentials } from '@/lib/domains/credentials/queries';
import { listKeys } from '@/lib/domains/keys/queries';
import { listConfigs } from '@/lib/domains/providers/queries';
import { listPullRequests } from '@/lib/domains/pull-requests/usage/list-pull-requests';
import { pullSessionRows } from '@/lib/domains/pull-requests/usage/pull-sessions';
import { listChecks } from '@/lib/domains/runs/quality/checks';
import { listRuns } from '@/lib/domains/runs/reads/run-list';
import { listRunChecks, listRunSteps } from '@/lib/domains/runs/reads/run-parts';
import { listInvoices } from '@/lib/domains/subscriptions/queries';
import { listSessions } from '@/lib/domains/traces/sessions/list-sessions';
import { listSessionRequests } from '@/lib/domains/traces/sessions/session-requests';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { encodeCursor } from '@/lib/kernel/paging';
import { sourceFiles } from '@/lib/laws/source-files';
import { utcDay } from '@/lib/platform/clock';
import { newId, newUuid } from '@/lib/platform/ids';

type List = {
  read: (ctx: CustomerCtx, after: string) => Promise<unknown>;
  /** A position of ours, with `id` and `at` in the place of its own; the other part stays sound. */
  position: (wrong: { id?: unknown; at?: unknown }) => unknown;
  file: string;
  /** Its ids are senders' own: any text of at most 256 signs. */
  hasFreeIds?: true;
};

const now = () => new Date().toISOString();
const someRun = { pipelineLoggingId: newUuid(), startDay: utcDay(new Date()) };

const lists: Record<string, List> = {
  'sessions of agents': {
    read: (ctx, after) => listAgentSessions(ctx, listSessionsInput.parse({ after })),
    position: ({ id = 'session', at = 1 }) => [at, id],
    hasFreeIds: true,
    file: 'lib/domains/agent-log/sessions/list-sessions.ts',
  },
  'events of an agent’s session': {
    read: (ctx, after) => listSessionEvents(ctx, { id: 'session', after }),
    position: ({ id = newUuid(), at = 1 }) => [at, id],
    file: 'lib/domains/agent-log/sessions/session-events.ts',
  },
  'snapshots of repositories': {
    read: (ctx, after) => listSnapshots(ctx, listSnapshotsInput.parse({ after })),
    position: ({ id = '0'.repeat(40), at = 1 }) => [at, id, 'https://github.com/acme/shop'],
    file: 'lib/domains/agent-log/snapshots/snapshots.ts',
  },
  'API keys': {
    read: (ctx, after) => listKeys(ctx, { after }),
    position: ({ id = newId('key'), at = 1 }) => ({ position: at, id }),
    file: 'lib/domains/keys/queries.ts',
  },
  'provider configs': {
    read: (ctx, after) => listConfigs(ctx, { after }),
    position: ({ id = newId('cfg'), at = 1 }) => ({ position: at, id }),
    file: 'lib/domains/providers/queries.ts',
  },
  credentials: {
    read: (ctx, after) => listCredentials(ctx, { after }),
    position: ({ id = newUuid(), at = '0'.repeat(15) }) => ({ position: at, id }),
    file: 'lib/domains/credentials/queries.ts',
  },
  invoices: {
    read: (ctx, after) => listInvoices(ctx, { after }),
    position: ({ id = 'in_1PqXyz', at = 1 }) => ({ position: at, id }),
    file: 'lib/domains/subscriptions/queries.ts',
  },
  'the audit log': {
    read: (ctx, after) => listEntries(ctx, { after }),
    position: ({ id = 1, at = now() }) => [at, id],
    file: 'lib/domains/audit/queries.ts',
  },
  'data-quality results': {
    read: (ctx, after) => listChecks(ctx, { after, limit: 50 }),
    position: ({ id = newUuid(), at = now() }) => [at, id],
    file: 'lib/domains/runs/quality/checks.ts',
  },
  'steps of a run': {
    read: (ctx, after) => listRunSteps(ctx, { ...someRun, after }),
    position: ({ id = newUuid(), at = now() }) => [0, 0, at, id],
    file: 'lib/domains/runs/reads/run-parts.ts',
  },
  'checks of a run': {
    read: (ctx, after) => listRunChecks(ctx, { ...someRun, after }),
    position: ({ id = newUuid(), at = now() }) => [0, at, id],
    file: 'lib/domains/runs/reads/run-parts.ts',
  },
  'pull requests': {
    read: (ctx, after) => listPullRequests(ctx, { sort: 'cost', after, limit: 50 }),
    position: ({ id = 1, at = 1 }) => [at, id],
    file: 'lib/domains/pull-requests/usage/list-pull-requests.ts',
  },
  'AI sessions of a pull request': {
    read: (ctx, after) =>
      pullSessionRows(ctx, {
        pullRequestId: 1,
        from: utcDay(new Date()),
        to: utcDay(new Date()),
        identities: [],
        after,
      }),
    position: ({ id = '0'.repeat(40), at = 1 }) => [at, id],
    file: 'lib/domains/pull-requests/usage/pull-sessions.ts',
  },
  'AI sessions': {
    read: (ctx, after) => listSessions(ctx, { after, limit: 50 }),
    position: ({ id = '0'.repeat(40), at = 1 }) => [at, id],
    file: 'lib/domains/traces/sessions/list-sessions.ts',
  },
  'requests of an AI session': {
    read: (ctx, after) => listSessionRequests(ctx, { id: 'session', after }),
    position: ({ id = '0'.repeat(40), at = 1 }) => [at, id],
    file: 'lib/domains/traces/sessions/session-requests.ts',
  },
  runs: {
    read: (ctx, after) => listRuns(ctx, { after }),
    position: ({ id = newUuid(), at = now() }) => [at, id],
    file: 'lib/domains/runs/reads/run-list.ts',
  },
};
const wrongIds = ['\ud800', 'in_\udfff', 'key_a\u0000b', '', ' ', 'a'.repeat(80), '\u202e', null, {}, 1.5];
const wrongFreeIds = ['\ud800', 'in_\udfff', 'key_a\u0000b', '', 'a'.repeat(300), null, {}, 1.5];
const wrongInstants = [
  '0000-01-01T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '2026-11-21T00:00:00.0000000001Z',
  '\ud800',
  '2026-11-21',
  1e300,
  1.5,
  null,
];
const cells = Object.entries(lists).flatMap(([name, list]) => [
  ...(list.hasFreeIds ? wrongFreeIds : wrongIds).map(
    id => [name, 'id', JSON.stringify(id), list, list.position({ id })] as const,
  ),
  ...wrongInstants.map(at => [name, 'place', JSON.stringify(at), list, list.position({ at })] as const),
]);

describe('cursors', () => {
  let ctx: CustomerCtx;
  beforeAll(async () => {
    ctx = (await createWorld()).as('OWNER');
  });

  test('every query that BigQuery answers by the page is walked here', () => {
    const paged = sourceFiles(['lib/domains'], /(?<!test)\.ts$/).filter(
      file => file.text.includes('decodeCursor(') && file.text.includes('= defineQuery('),
    );
    expect(paged.map(file => file.path)).toEqual([...new Set(Object.values(lists).map(list => list.file))].sort());
  });

  test.each(Object.entries(lists))('%s take a cursor of our own', async (_, list) => {
    await expect(list.read(ctx, encodeCursor(list.position({})))).resolves.toBeDefined();
  });

  test.each(cells)('%s refuse a cursor whose %s is %s', async (_name, _part, _value, list, position) => {
    const problem = { code: 'invalid_cursor', status: 400, fields: [{ path: 'after' }] };
    await expect(list.read(ctx, encodeCursor(position))).rejects.toMatchObject(problem);
  });

  test.each(Object.entries(lists))('%s refuse what is no cursor at all', async (_, list) => {
    for (const after of ['nonsense', '\ud800', encodeCursor('text'), encodeCursor([]), encodeCursor({ __proto__: 1 })])
      await expect(list.read(ctx, after), after).rejects.toMatchObject({ code: 'invalid_cursor' });
  });
});
