/** GET: how many events came to a source since a moment. */
import { countArrivals } from '@/lib/domains/events/tail/count-arrivals';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Count events since a time',
  input: countArrivals.input,
  name: countArrivals.operationName,
  method: 'GET',
  permission: countArrivals.permission,
  query: async ({ ctx, raw, params }) => {
    const { count, isMore } = await countArrivals(ctx, raw, params.id ?? '');
    return { status: 200, body: { count, is_more: isMore } };
  },
});
