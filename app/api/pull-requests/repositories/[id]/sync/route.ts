/** POST: has the repository read at once. */
import { syncRepository } from '@/lib/domains/pull-requests/repositories/commands';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Read a repository now',
  method: 'POST',
  command: syncRepository,
  ids: { repository_id: 'id' },
});
