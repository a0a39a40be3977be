'use server';
/** The form that puts refused rows of AI usage back in line: the same command as the JSON route. */
import { separated } from '@/app/(portal)/_shell/form-values';
import { replayTraceDeadRows } from '@/lib/domains/traces/imports/dead-rows/replay-dead-rows';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

export async function replayTraceDeadRowsAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await replayTraceDeadRows(ctx, { dead_row_ids: separated(values.dead_row_ids) });
    return land('/traces/imports?done=rows');
  });
}
