/** DELETE: takes a price of the organization's own away; the one before it holds again. */
import { deleteModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { defineRoute } from '@/lib/edge/portal/route';

export const DELETE = defineRoute({
  summary: 'Take a price away',
  method: 'DELETE',
  command: deleteModelPrice,
  ids: { price_id: 'id' },
});
