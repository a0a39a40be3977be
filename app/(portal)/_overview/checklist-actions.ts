'use server';
/** Hides the setup steps of the Overview, or brings them back. */
import { redirect } from 'next/navigation';
import { hideChecklist } from '@/lib/domains/team/profile';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';

export async function hideChecklistAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }) => {
    await hideChecklist(ctx, { hidden: true });
    redirect('/');
  });
}

export async function showChecklistAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }) => {
    await hideChecklist(ctx, { hidden: false });
    redirect('/');
  });
}
