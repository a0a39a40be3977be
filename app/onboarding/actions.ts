'use server';
/** The forms of onboarding: keep what was chosen, and at the end open the organization. */
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { dropDraft, keepDraft, readDraft } from '@/app/onboarding/_parts/draft';
import { displayName, planChoice } from '@/lib/domains/customers/input';
import { signUp } from '@/lib/domains/organizations/onboarding';
import { enterOrganization, type FormValues, personAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { personCtx } from '@/lib/edge/portal/sign-in/session';
import { parseInput } from '@/lib/kernel/input';
import { newUuid } from '@/lib/platform/ids';

const text = (value: FormValues[string] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

export async function nameAction(_: FormState, data: FormData): Promise<FormState> {
  return personAction(data, async ({ person }, _request, values) => {
    const named = parseInput(z.strictObject({ company_name: displayName }), {
      company_name: text(values.company_name),
    });
    const known = await readDraft(person.userId);
    await keepDraft({ token: newUuid(), ...known, userId: person.userId, companyName: named.company_name });
    redirect('/onboarding/plan');
  });
}

export async function planAction(_: FormState, data: FormData): Promise<FormState> {
  return personAction(data, async (session, request, values) => {
    const { userId } = session.person;
    if (values.go === 'back') {
      const [known, plan] = [await readDraft(userId), planChoice.safeParse(text(values.plan))];
      if (known) await keepDraft({ ...known, plan: plan.data });
      redirect('/onboarding');
    }
    const { result } = await signUp(personCtx(session, request), {
      company_name: text(values.company_name),
      plan: text(values.plan),
      request_token: text(values.request_token),
    });
    await enterOrganization(result.customerId);
    await dropDraft();
    return land('/?done=opened');
  });
}
