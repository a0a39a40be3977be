'use server';
/** Hides the setup steps of the Overview, or brings them back. */
import { hideChecklist } from '@/lib/domains/team/profile';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

export async function hideChecklistAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }) => {
    await hideChecklist(ctx, { hidden: true });
    return land('/?done=checklist_hidden');
  });
}

export async function showChecklistAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }) => {
    await hideChecklist(ctx, { hidden: false });
    return land('/?done=checklist_shown');
  });
}
