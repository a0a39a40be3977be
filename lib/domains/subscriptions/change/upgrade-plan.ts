/** A bigger plan at once: paid now or, in a trial, free; what was planned before is put back where it fails. */
import type Stripe from 'stripe';
import type { Terms } from '@/lib/domains/subscriptions/change/change-terms';
import { fetchLive, type LiveSubscription } from '@/lib/domains/subscriptions/change/live-subscription';
import {
  cancelPending,
  type PendingUpgrade,
  pendingUpdateOf,
  readPending,
} from '@/lib/domains/subscriptions/change/pending-upgrade';
import { plannedPrice, releaseSchedule, scheduleChange } from '@/lib/domains/subscriptions/change/plan-schedule';
import type { ChangePlanInput } from '@/lib/domains/subscriptions/input';
import { admitting, briefly, changing, isToConfirm } from '@/lib/domains/subscriptions/stripe/stripe-call';
import { priceIdOf } from '@/lib/domains/subscriptions/stripe/stripe-price';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { stripe } from '@/lib/platform/stripe';

type Upgrade = { live: LiveSubscription; terms: Terms; input: ChangePlanInput; priceId: string };
/** What becomes of the change where its payment does not succeed at once: nothing, or it waits for the payment. */
type Unpaid = 'error_if_incomplete' | 'pending_if_incomplete';

async function update({ live, terms, input, priceId }: Upgrade, unpaid: Unpaid): Promise<Stripe.Subscription> {
  const instant = terms.prorationDate;
  const items = [{ id: live.itemId, price: priceId }];
  const paid =
    instant === null
      ? { proration_behavior: 'none' as const }
      : { proration_behavior: 'always_invoice' as const, payment_behavior: unpaid, proration_date: instant };
  const { request_token: token, plan } = input;
  const wait = unpaid === 'pending_if_incomplete' ? '-wait' : '';
  // A repeat of this very submission gets Stripe's first answer, also where ours was lost on the way.
  const key = token && `plan-${live.id}-${terms.from}-${plan}-${instant ?? 0}-${token}${wait}`;
  return changing(() =>
    stripe().subscriptions.update(live.id, { items, ...paid }, { ...briefly, ...(key ? { idempotencyKey: key } : {}) }),
  );
}

/** Makes the upgrade; where the bank asks the cardholder, it waits with an invoice to confirm it on. */
async function upgradeOrWait(upgrade: Upgrade): Promise<PendingUpgrade | null> {
  try {
    await update(upgrade, 'error_if_incomplete');
    return null;
  } catch (error) {
    if (!isToConfirm(error)) throw error;
    const pending = pendingUpdateOf(await update(upgrade, 'pending_if_incomplete'));
    return readPending({ pending });
  }
}

/** A change that waits and one that is planned would come one after the other, so the waiting one must be alone. */
const confirmAlone = (cause: unknown) =>
  new AppError(
    'payment_failed',
    'The bank asks you to confirm this payment yourself, which cannot be done while another change is planned. Nothing was changed. Take the planned change back on the Billing page, then upgrade.',
    { details: { next: 'keep' }, cause },
  );

const lost =
  'The change that was planned for the end of the period was taken back. Plan it again if you still want it.';
const perhapsLost =
  'The change that was planned for the end of the period may be gone: look at the Billing page in a minute.';

/** After a failure: null where the upgrade was made all the same, else the plan for the period's end is there again. */
async function putBack({ live, priceId }: Upgrade, planned: string, failure: unknown): Promise<null> {
  let truth = perhapsLost;
  try {
    const now = await fetchLive(live.id);
    if (now?.priceId === priceId) return null;
    truth = lost;
    if (now && !now.scheduleId && now.priceId === live.priceId) await scheduleChange(now, planned);
  } catch (error) {
    log().error({ err: error, stripe_subscription_id: live.id }, 'a planned change of plan was not put back');
    throw admitting(failure, truth);
  }
  throw failure;
}

/** An upgrade takes a planned change back first; where it fails for any reason, that is planned again. */
async function upgradeInstead(upgrade: Upgrade, scheduleId: string): Promise<PendingUpgrade | null> {
  const planned = await plannedPrice(scheduleId, upgrade.live.priceId);
  if (planned === null) {
    await releaseSchedule(scheduleId);
    return upgradeOrWait(upgrade);
  }
  try {
    await releaseSchedule(scheduleId);
    await update(upgrade, 'error_if_incomplete');
    return null;
  } catch (error) {
    return putBack(upgrade, planned, isToConfirm(error) ? confirmAlone(error) : error);
  }
}

/**
 * Changes to the bigger plan on the confirmed terms. Answers the upgrade that waits for its payment where the bank asks
 * the cardholder, null where it is made; one to the same plan that waits already stays the one. AppError payment_failed
 * with nothing changed, conflict where a waiting one was paid meanwhile, payment_service_unavailable.
 */
export async function upgradePlan(
  live: LiveSubscription,
  terms: Terms,
  input: ChangePlanInput,
  waiting: PendingUpgrade | null,
): Promise<PendingUpgrade | null> {
  if (waiting?.plan === input.plan) return waiting;
  const upgrade = { live, terms, input, priceId: terms.priceId ?? (await priceIdOf(input.plan)) };
  await cancelPending(live);
  return live.scheduleId ? upgradeInstead(upgrade, live.scheduleId) : upgradeOrWait(upgrade);
}
