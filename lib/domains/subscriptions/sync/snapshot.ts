/**
 * A subscription as Stripe shows it, read into what we keep, whichever API version wrote it. Pure.
 * Source: docs/architecture.md, Billing.
 */
import { z } from 'zod';
import { type PlanName, planNames, planOfLookupKey } from '@/lib/domains/subscriptions/rules';
import { idOf } from '@/lib/domains/subscriptions/sync/stripe-events';
import type { FlagKind } from '@/lib/domains/subscriptions/tables';

/** What keeps a subscription from naming one of our plans. */
export type Problem = { kind: Extract<FlagKind, 'unknown_price' | 'several_items' | 'quantity'>; detail: string };

export type Snapshot = {
  stripeSubscriptionId: string;
  stripeCustomerId: string;
  /** As Stripe calls it, also one that Stripe may add some day. */
  stripeStatus: string;
  createdAt: Date;
  /** Null where the price is not one of ours; `problems` says why. */
  plan: PlanName | null;
  problems: Problem[];
  stripePriceId: string | null;
  /** Price of a month in USD as `199.00`; null where it is billed otherwise. */
  monthlyPriceUsd: string | null;
  /** ISO code in capitals. */
  currency: string | null;
  periodStart: Date | null;
  periodEnd: Date | null;
  trialStart: Date | null;
  trialEnd: Date | null;
  /** When it ends by somebody's wish; null while it renews. */
  cancelAt: Date | null;
  canceledAt: Date | null;
  endedAt: Date | null;
  cancellationReason: string | null;
  stripeScheduleId: string | null;
  scheduled: { plan: PlanName; at: Date } | null;
  /** Null where Stripe was not asked for the customer too. */
  paymentMethodOnFile: boolean | null;
};

const loose = <Type extends z.ZodType>(type: Type) => type.nullish().catch(null);
const instant = loose(
  z
    .int()
    .min(0)
    .max(253_402_300_799)
    .transform(seconds => new Date(seconds * 1_000)),
);
const reference = z.unknown().optional().transform(idOf);
const text = loose(z.string());
const price = z.looseObject({
  id: z.string(),
  lookup_key: text,
  unit_amount: loose(z.int()),
  currency: text,
  recurring: loose(z.looseObject({ interval: text, interval_count: loose(z.int()) })),
  metadata: loose(z.looseObject({ plan: text })),
});
const item = z.looseObject({
  price: loose(price),
  quantity: loose(z.int()),
  current_period_start: instant,
  current_period_end: instant,
});
const subscriptionSchema = z.looseObject({
  id: z.string().regex(/^sub_\w+$/),
  customer: z.unknown().optional(),
  status: z.string().min(1).max(100),
  created: z.int().transform(seconds => new Date(seconds * 1_000)),
  items: z.looseObject({ data: z.array(item).catch([]), has_more: loose(z.boolean()) }).catch({ data: [] }),
  current_period_start: instant,
  current_period_end: instant,
  trial_start: instant,
  trial_end: instant,
  cancel_at: instant,
  cancel_at_period_end: loose(z.boolean()),
  canceled_at: instant,
  ended_at: instant,
  cancellation_details: loose(z.looseObject({ reason: text, feedback: text, comment: text })),
  schedule: z.unknown().optional(),
  default_payment_method: reference,
  default_source: reference,
});
const scheduleSchema = z.looseObject({
  id: z.string(),
  status: text,
  phases: z
    .array(
      z.looseObject({
        start_date: instant,
        items: z.array(z.looseObject({ price: loose(price) })).catch([]),
      }),
    )
    .catch([]),
});
const payerSchema = z.looseObject({
  id: z.string(),
  deleted: loose(z.boolean()),
  default_source: reference,
  invoice_settings: loose(z.looseObject({ default_payment_method: reference })),
});

type Item = z.output<typeof item>;
type Parsed = z.output<typeof subscriptionSchema>;

/** The plan of a price: by its look-up key, or of one that is no longer sold by the note that setUpCatalog leaves on it. */
function planOfPrice(given: z.output<typeof price> | null | undefined): PlanName | null {
  if (given?.lookup_key) return planOfLookupKey(given.lookup_key);
  return planNames.find(name => name === given?.metadata?.plan) ?? null;
}

/** The one item's plan, or why there is none. */
function planOf(items: Item[], more: boolean): Pick<Snapshot, 'plan' | 'problems'> {
  const problems: Problem[] = [];
  const [only] = items;
  if (items.length !== 1 || more || !only) {
    const detail = `The subscription has ${more ? 'more than ' : ''}${items.length} items; we sell one.`;
    return { plan: null, problems: [{ kind: 'several_items', detail }] };
  }
  if (only.quantity !== null && only.quantity !== undefined && only.quantity !== 1)
    problems.push({ kind: 'quantity', detail: `Its quantity is ${only.quantity}; a plan is sold once.` });
  const plan = planOfPrice(only.price);
  if (plan === null) {
    const named = only.price?.lookup_key ? ` with the look-up key ${only.price.lookup_key}` : '';
    problems.push({
      kind: 'unknown_price',
      detail: `The price ${only.price?.id ?? '?'}${named} is none of our plans.`,
    });
  }
  return { plan: problems.length === 0 ? plan : null, problems };
}

function monthlyPrice(only: Item | undefined): string | null {
  const { unit_amount: cents, currency, recurring } = only?.price ?? {};
  const monthly = recurring?.interval === 'month' && (recurring.interval_count ?? 1) === 1;
  return cents != null && currency?.toLowerCase() === 'usd' && monthly ? (cents / 100).toFixed(2) : null;
}

/** What was asked for when it was cancelled: Stripe's reason, then the customer's own words. */
function reasonOf({ cancellation_details: details }: Parsed): string | null {
  const parts = [details?.reason, details?.feedback, details?.comment].filter(part => part);
  return parts.length === 0 ? null : parts.join(': ').slice(0, 500);
}

/** The next phase of a schedule that changes the plan; its prices must be expanded. `from`: the period that runs began then. */
function scheduledOf(given: unknown, current: PlanName | null, from: Date | null): Snapshot['scheduled'] {
  const parsed = scheduleSchema.safeParse(given);
  if (!parsed.success || (parsed.data.status !== 'active' && parsed.data.status !== 'not_started')) return null;
  for (const phase of parsed.data.phases) {
    if (!phase.start_date || (from && phase.start_date <= from) || phase.items.length !== 1) continue;
    const plan = planOfPrice(phase.items[0]?.price);
    if (plan && plan !== current) return { plan, at: phase.start_date };
  }
  return null;
}

/** Whether there is a card, by the subscription itself or its customer; null where the customer came as an id. */
function cardOnFile(parsed: Parsed): boolean | null {
  if (parsed.default_payment_method || parsed.default_source) return true;
  const payer = payerSchema.safeParse(parsed.customer);
  if (!payer.success) return null;
  return Boolean(payer.data.invoice_settings?.default_payment_method ?? payer.data.default_source);
}

/**
 * Reads a subscription of any API version: periods and the invoice's parent moved in 2025-03-31. Throws ZodError only for
 * what is no subscription at all; fields that are missing or odd become null.
 */
export function snapshotOf(subscription: unknown, schedule?: unknown): Snapshot {
  const parsed = subscriptionSchema.parse(subscription);
  const stripeCustomerId = idOf(parsed.customer);
  if (!stripeCustomerId) throw new Error(`the subscription ${parsed.id} names no customer`);
  const items = parsed.items.data;
  const [first] = items;
  const { plan, problems } = planOf(items, parsed.items.has_more === true);
  const periodStart = first?.current_period_start ?? parsed.current_period_start ?? null;
  const periodEnd = first?.current_period_end ?? parsed.current_period_end ?? null;
  const plannedBy = schedule ?? parsed.schedule;
  return {
    stripeSubscriptionId: parsed.id,
    stripeCustomerId,
    stripeStatus: parsed.status,
    createdAt: parsed.created,
    plan,
    problems,
    stripePriceId: items.length === 1 ? (first?.price?.id ?? null) : null,
    monthlyPriceUsd: items.length === 1 ? monthlyPrice(first) : null,
    currency: first?.price?.currency?.toUpperCase() ?? null,
    periodStart,
    periodEnd,
    trialStart: parsed.trial_start ?? null,
    trialEnd: parsed.trial_end ?? null,
    cancelAt: parsed.cancel_at ?? (parsed.cancel_at_period_end ? periodEnd : null),
    canceledAt: parsed.canceled_at ?? null,
    endedAt: parsed.ended_at ?? null,
    cancellationReason: reasonOf(parsed),
    stripeScheduleId: idOf(plannedBy),
    scheduled: scheduledOf(plannedBy, plan, periodStart),
    paymentMethodOnFile: cardOnFile(parsed),
  };
}
