/** GET: the organization's invoices, newest first, paged. */
import { listInvoicesInput } from '@/lib/domains/subscriptions/input';
import { listInvoices } from '@/lib/domains/subscriptions/queries';
import { freshnessBody } from '@/lib/edge/portal/page-card';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'List invoices',
  input: listInvoicesInput,
  name: 'subscription.list_invoices',
  method: 'GET',
  permission: 'billing:write',
  query: async ({ ctx, raw }) => {
    const { invoices, nextCursor, ...age } = await listInvoices(ctx, raw);
    const body = { data: invoices, next_cursor: nextCursor, ...freshnessBody(age) };
    return { status: 200, body };
  },
});
