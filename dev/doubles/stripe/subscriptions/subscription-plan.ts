/** What an update would do to a subscription and bill for it, worked out on a copy: for the update and for its preview. */
import { now } from '@/dev/doubles/stripe/clock';
import { missing, StripeError } from '@/dev/doubles/stripe/errors';
import { periodLine, prorationLine } from '@/dev/doubles/stripe/invoices/invoice-lines';
import type { StripeState } from '@/dev/doubles/stripe/state';
import { anchoredEnd, monthly, sameInterval } from '@/dev/doubles/stripe/subscriptions/periods';
import { type ItemChange, recurringPrice, type Update } from '@/dev/doubles/stripe/subscriptions/subscription-params';
import { newItem, periodOf, planOf } from '@/dev/doubles/stripe/subscriptions/subscription-shape';
import type { InvoiceLine, Price, Subscription, SubscriptionItem } from '@/dev/doubles/stripe/wire';

export type Changes = Pick<
  Update,
  'items' | 'trial_end' | 'billing_cycle_anchor' | 'proration_behavior' | 'proration_date'
>;
export type Plan = {
  /** The subscription as it would be. */
  draft: Subscription;
  lines: InvoiceLine[];
  /** Whether the lines are billed at once; else they wait for the next invoice. */
  billedNow: boolean;
};

type Context = { state: StripeState; before: Subscription; draft: Subscription; at: number; prorate: boolean };

function changedItem({ state, draft }: Context, change: ItemChange, index: number): SubscriptionItem | null {
  const own = draft.items.data.find(item => item.id === change.id);
  if (!own) throw missing('subscription_item', change.id ?? '', `items[${index}][id]`);
  if (change.deleted) return null;
  const price = change.price ? recurringPrice(state, change.price, `items[${index}][price]`) : own.price;
  return {
    ...own,
    price: structuredClone(price),
    plan: planOf(price),
    quantity: change.quantity ?? own.quantity ?? 1,
    metadata: { ...own.metadata, ...change.metadata },
  };
}

/** The items after the changes: named ones changed or removed, others added. Throws 400 where none would be left. */
function itemsAfter(context: Context, changes: ItemChange[]): SubscriptionItem[] {
  const { state, draft, at } = context;
  const items = new Map(draft.items.data.map(item => [item.id, item]));
  changes.forEach((change, index) => {
    if (change.id) {
      const item = changedItem(context, change, index);
      if (item) items.set(item.id, item);
      else items.delete(change.id);
      return;
    }
    if (!change.price) {
      throw new StripeError(400, `Missing required param: items[${index}][price].`, {
        code: 'parameter_missing',
        param: `items[${index}][price]`,
      });
    }
    const price = recurringPrice(state, change.price, `items[${index}][price]`);
    if ([...items.values()].some(item => item.price.id === price.id)) {
      throw new StripeError(400, `Cannot add multiple subscription items with the same plan: ${price.id}`, {
        param: 'items',
      });
    }
    const { quantity, metadata } = change;
    const item = newItem(draft.id, price, { quantity, metadata }, periodOf(draft), at);
    items.set(item.id, item);
  });
  if (items.size > 0) return [...items.values()];
  throw new StripeError(400, 'A subscription must have at least one active plan. All plans cannot be deleted.', {
    param: 'items',
  });
}

const isSame = (one: SubscriptionItem, other: SubscriptionItem | undefined) =>
  other !== undefined && one.price.id === other.price.id && one.quantity === other.quantity;

/** Credits of what is left of items that go, and, where the period stays, charges for what comes in their place. */
function prorations(context: Context, alsoUnchanged: boolean): { credits: InvoiceLine[]; charges: InvoiceLine[] } {
  const { state, before, draft, at, prorate } = context;
  if (!prorate) return { credits: [], charges: [] };
  const find = (items: SubscriptionItem[], id: string) => items.find(item => item.id === id);
  const [old, current] = [before.items.data, draft.items.data];
  const gone = old.filter(item => alsoUnchanged || !isSame(item, find(current, item.id)));
  const come = current.filter(item => !isSame(item, find(old, item.id)));
  const worth = (lines: InvoiceLine[]) => lines.filter(line => line.amount !== 0);
  return {
    credits: worth(gone.map(item => prorationLine(state, before, item, at, -1))),
    charges: worth(come.map(item => prorationLine(state, draft, item, at, 1))),
  };
}

/** Begins a period now, for all items. */
export function startPeriod(subscription: Subscription, at: number): void {
  subscription.billing_cycle_anchor = at;
  for (const item of subscription.items.data) {
    item.current_period_start = at;
    item.current_period_end = anchoredEnd(at, at, item.price.recurring ?? monthly);
    item.billed_until = item.current_period_end;
  }
}

function endTrial(context: Context): Plan {
  const { state, draft, at } = context;
  draft.trial_end = at;
  draft.status = 'active';
  startPeriod(draft, at);
  return { draft, lines: draft.items.data.map(item => periodLine(state, draft, item)), billedNow: true };
}

function startTrial(context: Context, end: number, always: boolean): Plan {
  const { draft, at, before } = context;
  if (end <= at) {
    throw new StripeError(400, 'Invalid timestamp: must be an integer Unix timestamp in the future.', {
      param: 'trial_end',
    });
  }
  const credits = before.status === 'trialing' ? [] : prorations(context, true).credits;
  if (before.status !== 'trialing') draft.trial_start = at;
  Object.assign(draft, { trial_end: end, status: 'trialing', billing_cycle_anchor: end });
  for (const item of draft.items.data) {
    if (before.status !== 'trialing') item.current_period_start = at;
    item.current_period_end = end;
    item.billed_until = end;
  }
  return { draft, lines: credits, billedNow: always };
}

const firstPrice = (subscription: Subscription): Price['recurring'] =>
  subscription.items.data[0]?.price.recurring ?? null;

/** Works an update out. Throws 400 as Stripe does for what cannot be. Nothing is changed. */
export function planUpdate(state: StripeState, before: Subscription, changes: Changes): Plan {
  const at = now(state, before.customer);
  const draft = structuredClone(before);
  const prorated = changes.proration_behavior ?? 'create_prorations';
  const always = prorated === 'always_invoice';
  const { start, end } = periodOf(before);
  const context = { state, before, draft, at: changes.proration_date ?? at, prorate: prorated !== 'none' };
  if (context.at < start || context.at > Math.max(end, at)) {
    throw new StripeError(400, 'Cannot specify `proration_date` outside of the current subscription period.', {
      param: 'proration_date',
    });
  }
  if (changes.items) draft.items.data = itemsAfter(context, changes.items);
  if (changes.trial_end === 'now') {
    if (before.status === 'trialing') return endTrial({ ...context, at });
  } else if (changes.trial_end !== undefined && changes.trial_end !== before.trial_end) {
    return startTrial({ ...context, at }, changes.trial_end, always);
  }
  if (before.status === 'trialing' || before.status === 'paused') return { draft, lines: [], billedNow: false };
  if (changes.billing_cycle_anchor?.type === 'now' || !sameInterval(firstPrice(before), firstPrice(draft))) {
    const { credits } = prorations(context, true);
    startPeriod(draft, at);
    return {
      draft,
      lines: [...credits, ...draft.items.data.map(item => periodLine(state, draft, item))],
      billedNow: true,
    };
  }
  const { credits, charges } = prorations(context, false);
  return { draft, lines: [...credits, ...charges], billedNow: always };
}
