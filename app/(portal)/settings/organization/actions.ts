'use server';
/** The form of the organization's settings. */
import { updateOrganization } from '@/lib/domains/organizations/settings';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

const text = (value: FormValues[string] | undefined): string => (typeof value === 'string' ? value : '');

export async function updateOrganizationAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await updateOrganization(ctx, {
      company_name: text(values.company_name),
      billing_email: text(values.billing_email),
      phone_number: text(values.phone_number),
    });
    // A page of its own, so that shell and title have the new name.
    return land('/settings/organization?done=saved');
  });
}
