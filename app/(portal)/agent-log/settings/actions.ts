'use server';
/** The form of what the agent log masks: the same command as the JSON route. */
import { redirect } from 'next/navigation';
import { setMasking } from '@/lib/domains/agent-log/settings/set-masking';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';

export async function setMaskingAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await setMasking(ctx, {
      mask_secrets: values.mask_secrets === 'on',
      mask_emails: values.mask_emails === 'on',
      keep_span_content: values.keep_span_content === 'on',
    });
    redirect('/agent-log/settings?done=set');
  });
}
