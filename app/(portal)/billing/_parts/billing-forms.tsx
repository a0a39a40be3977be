/** The one-button forms of billing; each leads to Stripe or comes back to the page, with and without JavaScript. */
import type { ReactNode } from 'react';
import type { ButtonVariant } from '@/app/_ui/button';
import { Form } from '@/app/_ui/form';
import { Icon } from '@/app/_ui/icon';
import { SubmitButton } from '@/app/_ui/submit-button';
import { keepPlanAction, openPortalAction, payOwedAction, startCheckoutAction } from '@/app/(portal)/billing/actions';
import type { PlanName } from '@/lib/domains/subscriptions/rules';

type Props = { customerId: string; variant?: ButtonVariant; children: ReactNode };

const oneButton = 'flex flex-col gap-2';

/** To Stripe's portal, at its first page or where the card is changed. */
export function PortalButton({ customerId, variant = 'plain', flow, children }: Props & { flow?: 'payment_method' }) {
  return (
    <Form
      action={openPortalAction}
      customerId={customerId}
      hidden={flow ? { flow } : undefined}
      className={`${oneButton} items-start`}
    >
      <SubmitButton variant={variant} pending="Opening Stripe…">
        {children}
        <Icon name="external-link" size={14} />
      </SubmitButton>
    </Form>
  );
}

/** To Stripe's Checkout for a plan. */
export function CheckoutButton({ customerId, variant = 'plain', plan, children }: Props & { plan: PlanName }) {
  return (
    <Form action={startCheckoutAction} customerId={customerId} hidden={{ plan }} className={oneButton}>
      <SubmitButton variant={variant} pending="Opening Stripe…">
        {children}
      </SubmitButton>
    </Form>
  );
}

/** Takes a planned change back. */
export function KeepButton({ customerId, children }: Props) {
  return (
    <Form action={keepPlanAction} customerId={customerId} className={`${oneButton} items-start`}>
      <SubmitButton variant="plain" pending="Keeping the plan…">
        {children}
      </SubmitButton>
    </Form>
  );
}

/** Charges what is owed to the card on file. */
export function PayButton({ customerId, children }: Props) {
  return (
    <Form action={payOwedAction} customerId={customerId} className={`${oneButton} items-start`}>
      <SubmitButton variant="primary" pending="Paying…">
        {children}
      </SubmitButton>
    </Form>
  );
}
