/** GET: one event source. PATCH: changes what is sent. DELETE: ends it; its dataset stays in BigQuery. */
import { deleteSource, editSource } from '@/lib/domains/events/sources/commands';
import { findSource } from '@/lib/domains/events/sources/reads';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read an event source',
  name: 'event_source.read',
  method: 'GET',
  permission: 'events:read',
  query: async ({ ctx, params }) => ({ status: 200, body: await findSource(ctx, params.id ?? '') }),
});

export const PATCH = defineRoute({
  summary: 'Change an event source',
  method: 'PATCH',
  command: editSource,
  ids: { source_id: 'id' },
});

export const DELETE = defineRoute({
  summary: 'Delete an event source',
  method: 'DELETE',
  command: deleteSource,
  ids: { source_id: 'id' },
});
