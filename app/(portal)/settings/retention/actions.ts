'use server';
/** The form of retention: the same command as the JSON route; what removes rows is asked about first. */
import { redirect } from 'next/navigation';
import { text } from '@/app/(portal)/_shell/form-values';
import { confirmHref, retentionHref } from '@/app/(portal)/settings/retention/_parts/retention-words';
import { retentionInput } from '@/lib/domains/traces/input';
import { keepsFewer, keptFor } from '@/lib/domains/traces/retention/retention-days';
import { readRetention, setRetention } from '@/lib/domains/traces/retention/set-retention';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { AppError } from '@/lib/platform/errors';

const doneHref = `${retentionHref}?done=set`;

export async function setRetentionAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { keep_days } = parseInput(retentionInput, { keep_days: text(values.keep_days) });
    const before = await readRetention(requireCustomer(ctx), {});
    if (keep_days !== null && keepsFewer(keep_days, before.keep_days)) redirect(confirmHref(keep_days));
    await setRetention(ctx, { keep_days });
    return land(doneHref);
  });
}

export async function confirmRetentionAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { keep_days } = parseInput(retentionInput, { keep_days: text(values.keep_days) });
    if (text(values.confirm).trim() !== keptFor(keep_days)) {
      const message = 'Type the number of days as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    await setRetention(ctx, { keep_days });
    return land(doneHref);
  });
}
