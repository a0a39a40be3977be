'use server';
/** The form of notifications: the same command as the JSON route. */
import { refresh } from 'next/cache';
import { setPreferences } from '@/lib/domains/team/mail-preferences';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';

export async function setPreferencesAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, { mail = [] }) => {
    await setPreferences(ctx, { mail: typeof mail === 'string' ? [mail] : mail });
    refresh();
    return { status: 'done', message: 'Saved.' };
  });
}
