/** What the plan allows and what of it is used. */
import { z } from 'zod';
import { readMonthUse } from '@/lib/domains/events/volume/month-use';
import { readBilling } from '@/lib/domains/subscriptions/queries';
import { defineTool } from '@/lib/edge/v1/mcp/define-tool';
import { noteFields } from '@/lib/edge/v1/mcp/tools/shared';

const meter = z.strictObject({
  used: z.int(),
  limit: z.int().nullable().meta({ description: 'Null without a limit.' }),
});

const output = z.strictObject({
  plan: z.string(),
  status: z.string().meta({ description: 'Of the subscription: TRIAL, ACTIVE, PAST_DUE, EXPIRED or CANCELLED.' }),
  runs_today: meter,
  concurrent_runs: meter,
  api_calls_month: meter,
  seats: meter,
  events_month: meter.meta({ description: 'Events that were collected, as counted seconds ago.' }),
  providers_limit: z.int().meta({ description: 'Provider configs that may be on.' }),
  as_of: z.iso.datetime(),
  ...noteFields,
});

export const usage = defineTool({
  name: 'usage',
  title: 'Usage of the plan',
  description:
    'The organization’s plan, and what of it is used now: runs, API calls, seats, events. Ask it for how much is left before a limit.',
  scope: 'billing:read',
  operation: 'subscription.read',
  input: z.strictObject({}),
  output,
  shrinks: [],
  run: async ({ ctx }) => {
    const [billing, events] = await Promise.all([readBilling(ctx), readMonthUse(ctx.customerId, ctx.clock())]);
    const { limits, use } = billing;
    const data = {
      plan: billing.plan,
      status: billing.status,
      runs_today: { used: use.runs_today, limit: limits.runs_per_day },
      concurrent_runs: { used: use.running, limit: limits.concurrent_runs },
      api_calls_month: { used: use.api_calls_month, limit: limits.api_calls_per_month },
      seats: { used: use.seats, limit: limits.seats },
      events_month: { used: events.used, limit: events.limit },
      providers_limit: limits.providers,
      as_of: use.as_of.toISOString(),
      note: null,
    };
    const says = `Plan ${data.plan} (${data.status}): ${use.runs_today} of ${limits.runs_per_day ?? 'any number of'} runs of today, ${use.seats} of ${limits.seats} seats, ${use.api_calls_month} API calls and ${events.used} events of this month are used.`;
    return { data, says };
  },
});
