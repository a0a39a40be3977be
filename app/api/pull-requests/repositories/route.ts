/** GET: the organization's connected repositories. POST: connects one; the secret of its webhook is in this answer only. */
import { secretAnswer } from '@/app/api/pull-requests/repositories/secret-body';
import { connectRepository } from '@/lib/domains/pull-requests/repositories/connect';
import { listRepositories } from '@/lib/domains/pull-requests/repositories/reads';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List repositories',
  name: 'repository.list',
  method: 'GET',
  permission: 'pull-requests:read',
  query: async ({ ctx }) => ({ status: 200, body: { data: await listRepositories(ctx) } }),
});

export const POST = defineRoute({
  summary: 'Connect a repository',
  method: 'POST',
  command: connectRepository,
  except: ['request_token'],
  answer: result => secretAnswer(result, 201),
});
