/** Which rows answer a question: kept ones that are current, kept ones of the last moments, new ones, or the last there are. */
import { BigQueryLateError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';
import { AppError } from '@/lib/platform/errors';
import { metrics } from '@/lib/platform/metrics';
import { inTime } from '@/lib/warehouse/query/answer-in-time';
import { BudgetSpentError } from '@/lib/warehouse/query/query-budget';
import {
  type CachedQuestion,
  isRefreshing,
  type KeptRows,
  keptRows,
  refresh,
  refreshBehind,
} from '@/lib/warehouse/query/query-cache';
import type { RowsState } from '@/lib/warehouse/query/rows-age';

export type Question = CachedQuestion & {
  /** Age up to which rows that are not current are answered at once, and the least time between two refreshes; 0 is never. */
  shownForMs: number;
};

/** However still the tables are, rows are asked for again after this time. */
const currentForMs = 5 * 60_000;
/** A refresh under way lets rows be shown this much longer, so that no view waits for it. */
const whileRefreshingMs = 10_000;

const ageMs = (kept: KeptRows): number => Date.now() - kept.readAt.getTime();

/** Whether rows that are not current may be shown at once. Never those of another day: they would pass for today's. */
function mayBeShown(question: Question, kept: KeptRows): boolean {
  if (question.shownForMs === 0 || kept.day !== question.day()) return false;
  const limitMs = question.shownForMs + (isRefreshing(question) ? whileRefreshingMs : 0);
  return ageMs(kept) <= limitMs;
}

type Outcome = 'hit' | 'held' | 'miss' | 'limited' | 'slow' | 'unavailable';
const counted = (outcome: Outcome) => metrics().queryCache.inc({ outcome });

/** The older rows where BigQuery was not asked or has not answered, or the refusal where there are none. */
function withoutNewRows(error: unknown, question: Question): { kept: KeptRows; state: RowsState } {
  const spent = error instanceof BudgetSpentError ? error : undefined;
  if (!spent && !(error instanceof BigQueryUnavailableError)) throw error;
  const isLate = error instanceof BigQueryLateError;
  const state = spent ? 'limited' : isLate ? 'slow' : 'unavailable';
  counted(state);
  const kept = keptRows(question.key);
  if (kept) return { kept, state };
  if (!spent) {
    const message = isLate
      ? 'BigQuery takes longer than usual for this data. Try again shortly.'
      : 'The data could not be loaded. Try again shortly.';
    throw new AppError('warehouse_unavailable', message, { retryAfterSeconds: 10, cause: error });
  }
  const message = `Your organization has asked for very much data in the last minute. Try again in ${spent.resetSeconds} s.`;
  throw new AppError('rate_limited', message, { retryAfterSeconds: spent.resetSeconds });
}

/**
 * The rows of the question for a caller who has just read `stamp` at `stampReadAt`, and how they stand to BigQuery.
 * Throws AppError warehouse_unavailable, rate_limited; BigQueryStatementError.
 */
export async function answerQuestion(
  question: Question,
  stamp: string,
  stampReadAt: Date,
): Promise<{ kept: KeptRows; state: RowsState }> {
  const isCurrent = (kept: KeptRows) => kept.stamp === stamp || kept.askedAt >= stampReadAt;
  const known = keptRows(question.key);
  if (known && isCurrent(known) && known.day === question.day() && ageMs(known) < currentForMs) {
    counted('hit');
    return { kept: known, state: 'current' };
  }
  if (known && mayBeShown(question, known)) {
    counted('held');
    refreshBehind(question, known, question.shownForMs);
    return { kept: known, state: 'refreshing' };
  }
  if (!isRefreshing(question)) counted('miss');
  try {
    const kept = await inTime(refresh(question), known !== undefined);
    // Rows that somebody else asked for a moment ago may lack what this caller knows to be there.
    if (isCurrent(kept)) return { kept, state: 'current' };
    if (!mayBeShown(question, kept)) return { kept: await inTime(refresh(question), true), state: 'current' };
    refreshBehind(question, kept, question.shownForMs);
    return { kept, state: 'refreshing' };
  } catch (error) {
    return withoutNewRows(error, question);
  }
}
