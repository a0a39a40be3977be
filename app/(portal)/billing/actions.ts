'use server';
/** Forms of billing: the same commands as the JSON routes; a suspended organization may use them, because a debt must be payable. */
import { redirect } from 'next/navigation';
import { openPortal } from '@/lib/domains/subscriptions/billing-portal';
import { changePlan, keepPlan } from '@/lib/domains/subscriptions/change-plan';
import { startCheckout } from '@/lib/domains/subscriptions/checkout';
import { type FormValues, memberAction } from '@/lib/edge/action';
import type { FormState } from '@/lib/edge/form-state';

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

export async function changePlanAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }, values) => {
      await changePlan(ctx, {
        plan: text(values.plan),
        proration_date: whole(values.proration_date),
        amount_cents: whole(values.amount_cents),
        request_token: text(values.idempotency_key),
      });
      redirect('/billing?done=changed');
    },
    billing,
  );
}

export async function keepPlanAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(
    data,
    async ({ ctx }) => {
      await keepPlan(ctx, {});
      redirect('/billing?done=kept');
    },
    billing,
  );
}
