'use server';
/** The forms of what the agent log masks and of a user's erasure: the same commands as the JSON routes. */
import { text } from '@/app/(portal)/_shell/form-values';
import { eraseUser } from '@/lib/domains/agent-log/erasure/erase-user';
import { setMasking } from '@/lib/domains/agent-log/settings/set-masking';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

export async function setMaskingAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await setMasking(ctx, {
      mask_secrets: values.mask_secrets === 'on',
      mask_emails: values.mask_emails === 'on',
      keep_span_content: values.keep_span_content === 'on',
    });
    return land('/agent-log/settings?done=set');
  });
}

export async function eraseUserAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const user_id = text(values.user_id);
    if (text(values.confirm) !== user_id) {
      const message = 'Type the same user again.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    await eraseUser(ctx, { user_id });
    return land('/agent-log/settings?done=erase');
  });
}
