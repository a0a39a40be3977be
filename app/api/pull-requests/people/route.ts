/** GET: developers of AI usage with the account of GitHub that each is or may be, and accounts that nobody is. DELETE: forgets what was said of one. */
import { removeIdentity } from '@/lib/domains/pull-requests/people/identities';
import { listPeople, listPeopleInput } from '@/lib/domains/pull-requests/people/read-people';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';
import { parseInput } from '@/lib/kernel/input';

export const GET = defineRoute({
  summary: 'List developers and their accounts',
  input: listPeopleInput,
  name: 'identity.list',
  method: 'GET',
  permission: 'pull-requests:read',
  query: async ({ ctx, raw }) => {
    const { people, nextCursor, state, readAt, pendingSince, ...rest } = await listPeople(
      ctx,
      parseInput(listPeopleInput, raw),
    );
    const age = freshnessBody({ state, readAt, pendingSince });
    return { status: 200, body: { data: people, next_cursor: nextCursor, ...rest, ...age } };
  },
});

export const DELETE = defineRoute({
  summary: 'Take back who a developer is',
  method: 'DELETE',
  command: removeIdentity,
});
