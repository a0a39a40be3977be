/** GET: events of the last days by day, source and call, and the month's use against the limit. */
import { volumeInput } from '@/lib/domains/events/input';
import { eventUse } from '@/lib/domains/events/volume/event-use';
import { listVolume } from '@/lib/domains/events/volume/list-volume';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Read the volume of events',
  input: volumeInput,
  name: 'event_volume.list',
  method: 'GET',
  permission: 'events:read',
  query: async ({ ctx, raw }) => {
    const [volume, month] = await Promise.all([listVolume(ctx, raw), eventUse(ctx)]);
    return { status: 200, body: { ...volume, month } };
  },
});
