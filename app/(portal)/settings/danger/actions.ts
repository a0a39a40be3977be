'use server';
/** Deleting the organization and taking that back. */
import { requestDeletion, restoreOrganization } from '@/lib/domains/organizations/deletion';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { signedInRecently } from '@/lib/edge/portal/sign-in/session';
import { AppError } from '@/lib/platform/errors';

export async function requestDeletionAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx, session }, values) => {
    if (!signedInRecently(session, ctx.clock()))
      throw new AppError('forbidden', 'Your sign-in is older than 10 minutes. Reload the page and sign in again.');
    await requestDeletion(ctx, { confirm: typeof values.confirm === 'string' ? values.confirm : '' });
    return land('/settings/danger?done=deletion');
  });
}

export async function restoreAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }) => {
    await restoreOrganization(ctx, {});
    return land('/settings/danger?done=restored');
  });
}
