'use server';
/** The form that puts refused rows of AI usage back in line: the same command as the JSON route. */
import { redirect } from 'next/navigation';
import { separated } from '@/app/(portal)/_shell/form-values';
import { replayTraceDeadRows } from '@/lib/domains/traces/imports/dead-rows/replay-dead-rows';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';

export async function replayTraceDeadRowsAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await replayTraceDeadRows(ctx, { dead_row_ids: separated(values.dead_row_ids) });
    redirect('/traces/imports?done=rows');
  });
}
