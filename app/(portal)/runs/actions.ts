'use server';
/** Forms of runs: the same commands as the JSON routes. What was done is told on the list. */
import { changeHref } from '@/app/(portal)/runs/_parts/change-done';
import { cancelRuns, runAgain } from '@/lib/domains/runs/start/commands';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

const text = (value: FormValues[string] | undefined): string =>
  typeof value === 'string' ? value : (value?.[0] ?? '');
const ids = (values: FormValues): string[] => text(values.pipeline_logging_ids).split(' ').filter(Boolean);

export async function runAgainAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await runAgain(ctx, {
      pipeline_logging_ids: ids(values),
      idempotency_key: text(values.idempotency_key),
    });
    const queued = result.runs.flatMap(run => run.new_pipeline_logging_id ?? []);
    return land(changeHref('again', queued.length, result.runs.length - queued.length, queued));
  });
}

export async function cancelRunsAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await cancelRuns(ctx, { pipeline_logging_ids: ids(values) });
    const changed = result.runs.filter(({ outcome }) => outcome === 'cancelled' || outcome === 'requested');
    const named = changed.map(run => run.pipeline_logging_id);
    return land(changeHref('cancelled', changed.length, result.runs.length - changed.length, named));
  });
}
