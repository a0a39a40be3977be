/** What of a body is taken and what is refused: each record or span through the normaliser, the first problem of each that is refused. */
import { maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';
import type { RefusedRecord } from '@/lib/domains/traces/collect/entry-meta';
import type { SentRecord } from '@/lib/domains/traces/collect/parse-records';
import { nameByTrace, namesOfTraces, type TraceNames } from '@/lib/domains/traces/collect/span-names';
import { modelWrappers } from '@/lib/domains/traces/normalize/model-wrappers';
import { normalizeRecord } from '@/lib/domains/traces/normalize/normalize-record';
import { normalizeSpan } from '@/lib/domains/traces/normalize/normalize-span';
import type { NormalizeFacts, TraceRow } from '@/lib/domains/traces/normalize/trace-row';
import type { OtlpSpan } from '@/lib/domains/traces/otlp/span';
import { keptDeadLetters, keptLineSigns, type TraceProblem } from '@/lib/domains/traces/rules';
import { storableStart } from '@/lib/kernel/storable';

/** A body after it was read and before anything in it is looked at. */
export type SentTraces = { form: 'records'; records: SentRecord[] } | { form: 'otlp'; spans: OtlpSpan[] };

export type TakenTraces = {
  rows: TraceRow[];
  refused: RefusedRecord[];
  refusedCount: number;
  /** Spans that are no requests to a model. */
  ignored: number;
};

/** Beginnings of refused records that one request leaves behind; of the others only what was wrong with them. */
const keptContents = 20;

const whole: TraceProblem = { code: 'not_an_object', field: '' };

/** More than is kept, so that a secret is found whole. */
const readSigns = 2 * keptLineSigns;

/** JSON has no word for them, and would say null. */
const withWords = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? '(not finite)' : value;

/** How a record begins, without secrets. One that is nested so deep that it cannot be written has no beginning. */
function beginningOf(sent: unknown): string {
  try {
    const text = typeof sent === 'string' ? sent : (JSON.stringify(sent, withWords) ?? '');
    return storableStart(maskSecrets(text.slice(0, readSigns)), keptLineSigns);
  } catch {
    return '';
  }
}

const fieldSigns = 200;

function refuse(taken: TakenTraces, index: number, problem: TraceProblem = whole, sent: unknown): void {
  taken.refusedCount += 1;
  if (taken.refused.length >= keptDeadLetters) return;
  const content = taken.refused.length < keptContents ? beginningOf(sent) : '';
  taken.refused.push({ index, code: problem.code, field: storableStart(problem.field, fieldSigns), content });
}

/** Rows and refusals of a body; of spans with the names of their traces, which are those of the body unless more is known. Pure. */
export function normalizeBody(sent: SentTraces, facts: NormalizeFacts, names: TraceNames | null = null): TakenTraces {
  const taken: TakenTraces = { rows: [], refused: [], refusedCount: 0, ignored: 0 };
  const items: readonly (SentRecord | OtlpSpan)[] = sent.form === 'records' ? sent.records : sent.spans;
  const spans = sent.form === 'otlp' ? sent.spans : [];
  const wrappers = modelWrappers(spans);
  const traces = names ?? namesOfTraces(spans);
  for (const [index, item] of items.entries()) {
    if ('problem' in item) {
      refuse(taken, index, item.problem, item.text);
      continue;
    }
    const found =
      'value' in item ? normalizeRecord(item.value, facts) : wrappers.has(item) ? null : normalizeSpan(item, facts);
    if (found === null) taken.ignored += 1;
    else if ('row' in found) taken.rows.push('value' in item ? found.row : nameByTrace(found.row, item, traces));
    else refuse(taken, index, found.problems[0], 'value' in item ? item.value : item);
  }
  return taken;
}
