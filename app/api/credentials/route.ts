/** GET: the organization's cloud credentials, filtered and paged; never a secret. POST: stores one. */

import { createCredential } from '@/lib/domains/credentials/commands';
import { listCredentialsInput } from '@/lib/domains/credentials/input';
import { listCredentials } from '@/lib/domains/credentials/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List credentials',
  input: listCredentialsInput,
  name: 'credential.list',
  method: 'GET',
  permission: 'providers:read',
  query: async ({ ctx, raw }) => {
    const { credentials, total, nextCursor, ...age } = await listCredentials(ctx, raw);
    return { status: 200, body: { data: credentials, next_cursor: nextCursor, total, ...freshnessBody(age) } };
  },
});

export const POST = defineRoute({
  summary: 'Store a credential',
  method: 'POST',
  command: createCredential,
  answer: credential => ({
    status: 201,
    body: credential,
    headers: { location: `/api/credentials/${credential.credential_id}` },
  }),
});
