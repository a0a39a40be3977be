/** POST: values the requests of the last days anew by the book as it is now. GET: the last recomputes, with what each changed. */
import { listReprices } from '@/lib/domains/traces/prices/reprice/list-reprices';
import { startReprice } from '@/lib/domains/traces/prices/reprice/start-reprice';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List recalculations',
  input: listReprices.input,
  name: 'model_price.list_recomputes',
  method: 'GET',
  permission: 'traces:read',
  query: async ({ ctx, raw }) => ({ status: 200, body: { data: await listReprices(ctx, raw) } }),
});

export const POST = defineRoute({
  summary: 'Recalculate costs',
  method: 'POST',
  command: startReprice,
  answer: run => ({ status: 202, body: run }),
});
