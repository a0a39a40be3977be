/** GET: the organization's event sources with their write keys. POST: a new source. */
import { createSource } from '@/lib/domains/events/sources/commands';
import { listSources } from '@/lib/domains/events/sources/reads';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List event sources',
  name: 'event_source.list',
  method: 'GET',
  permission: 'events:read',
  query: async ({ ctx }) => ({ status: 200, body: { data: await listSources(ctx) } }),
});

export const POST = defineRoute({
  summary: 'Create an event source',
  method: 'POST',
  command: createSource,
  except: ['request_token'],
  answer: source => ({ status: 201, body: source, headers: { location: `/api/sources/${source.source_id}` } }),
});
