'use server';
/** Forms of billing: the same commands as the JSON routes; a suspended organization may use them, because a debt must be payable. */
import { refresh } from 'next/cache';
import { redirect } from 'next/navigation';
import { changePlan, keepPlan } from '@/lib/domains/subscriptions/change/change-plan';
import { openPortal } from '@/lib/domains/subscriptions/checkout/billing-portal';
import { startCheckout } from '@/lib/domains/subscriptions/checkout/checkout';
import { payOwed } from '@/lib/domains/subscriptions/invoices/pay-owed';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

const text = (value: FormValues[string] | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const whole = (value: FormValues[string] | undefined): number | undefined => {
  const digits = text(value);
  return digits === undefined ? undefined : Number(digits);
};

const billing = { permission: 'billing:write' } as const;

export async function startCheckoutAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }, values) => {
      const { result } = await startCheckout(ctx, { plan: text(values.plan) });
      redirect(result.url);
    },
    billing,
  );
}

export async function openPortalAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }, values) => {
      const { result } = await openPortal(ctx, { flow: text(values.flow) });
      redirect(result.url);
    },
    billing,
  );
}

/** Charges what is owed to the card on file; the page says what came of it. */
export async function payOwedAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }) => {
      const { result } = await payOwed(ctx, {});
      return land(`/billing?done=${result.outcome}`);
    },
    billing,
  );
}

/** What was confirmed is not so any more: the page is asked for anew, with what holds now beside the sentence. */
async function withFreshPage<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') refresh();
    throw error;
  }
}

export async function changePlanAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }, values) => {
      const input = {
        plan: text(values.plan),
        direction: text(values.direction),
        proration_date: whole(values.proration_date),
        amount_cents: whole(values.amount_cents),
        request_token: text(values.idempotency_key),
      };
      const { result } = await withFreshPage(() => changePlan(ctx, input));
      if (result.payment) redirect(`/billing/change?plan=${result.payment.plan}`);
      return land('/billing?done=changed');
    },
    billing,
  );
}

export async function keepPlanAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }) => {
      await keepPlan(ctx, {});
      return land('/billing?done=kept');
    },
    billing,
  );
}
