/** What Google's own analyzer says of a query, in a catalog of given tables; it resolves and types it and runs nothing. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';
import { metrics } from '@/lib/platform/metrics';
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';
import { AnalyzerChild, ChildGone } from '@/lib/platform/sql-analyzer/child';

export type AnalyzerTable = {
  name: string;
  columns: readonly { name: string; type: string; repeated: boolean }[];
};

/** `cpuMs` is how long the processor worked on the text, in steps of 10 ms. */
export type Analysis = { cpuMs: number } & Verdict;

type Verdict =
  | {
      ok: true;
      /** Those that the text reads, sorted, each once. */
      tables: string[];
      /** Of its result; a column without a name has the one BigQuery gives it (f0_). */
      columns: { name: string; type: string }[];
    }
  | {
      ok: false;
      message: string;
      /** Counted from 1; null where no place is known. */
      line: number | null;
      column: number | null;
    };

type Question = { sql: string; tables: readonly AnalyzerTable[] };

/** No analyzer is set, it cannot be started, or more texts wait than it can take: nobody can say what a text does. */
export class AnalyzerAwayError extends Error {
  override name = 'AnalyzerAwayError';
}

/** Of one text; a process that holds more memory after a text is replaced before the next. */
const limits = { cpuMs: 1_000, ms: 5_000, rssBytes: 400 * 1024 ** 2 };
/** What a text leaves behind in the process is little, but not nothing. */
const mostTexts = 50_000;
const mostWaiting = 100;
const firstRestMs = 250;
const longestRestMs = 30_000;

/** Counted with all that a text may take, as the process is gone. */
const unfinished: Analysis = {
  ok: false,
  message: 'The analyzer could not finish this text.',
  line: null,
  column: null,
  cpuMs: limits.cpuMs,
};

type Analyzer = {
  child: AnalyzerChild | undefined;
  /** Ends when the text before has its answer. */
  last: Promise<unknown>;
  waiting: number;
  /** Starts that failed one after the other, and until when the next one waits. */
  failedStarts: number;
  restsUntilMs: number;
};

const analyzer = (): Analyzer =>
  processWide('sql-analyzer', () => ({
    child: undefined,
    last: Promise.resolve(),
    waiting: 0,
    failedStarts: 0,
    restsUntilMs: 0,
  }));

/** Whether this process has an analyzer to ask. */
export const isAnalyzerSet = (): boolean => env().SQL_ANALYZER !== undefined;

/**
 * Resolves one query over `tables` and nothing else. Texts are taken one after the other, each for 1 s of the processor
 * and 5 s in any case; one that hangs or breaks the process is not ok. Throws AnalyzerAwayError.
 */
export async function analyzeSql(question: Question): Promise<Analysis> {
  const state = analyzer();
  if (state.waiting >= mostWaiting) throw new AnalyzerAwayError('Too many texts wait for the SQL analyzer.');
  state.waiting += 1;
  const answer = state.last
    .then(() => ask(state, question))
    .finally(() => {
      state.waiting -= 1;
    });
  state.last = answer.catch(() => undefined);
  return answer;
}

async function ask(state: Analyzer, question: Question): Promise<Analysis> {
  const child = await childOf(state);
  const observe = metrics().analyzerSeconds.startTimer();
  try {
    const { answer, cpuMs } = await child.ask(question, limits);
    const { ok, tables = [], columns = [], message = '', line, column, fault } = answer;
    if (fault !== undefined) throw new Error(`The SQL analyzer refuses the question: ${fault}`);
    observe({ outcome: ok ? 'ok' : 'refused' });
    return ok ? { ok, tables, columns, cpuMs } : { ok, message, line: line ?? null, column: column ?? null, cpuMs };
  } catch (error) {
    if (!(error instanceof ChildGone)) throw error;
    observe({ outcome: 'unfinished' });
    log().warn({ reason: error.message, characters: question.sql.length }, 'the SQL analyzer did not finish a text');
    return unfinished;
  }
}

/** The process to ask: the one there is while it is well, else a new one. */
async function childOf(state: Analyzer): Promise<AnalyzerChild> {
  const { SQL_ANALYZER } = env();
  if (!SQL_ANALYZER) throw new AnalyzerAwayError('No SQL analyzer is set (SQL_ANALYZER).');
  const before = state.child;
  if (before && !before.isGone) {
    if (!isWorn(before)) return before;
    before.kill('it is replaced');
    metrics().analyzerRestarts.inc({ reason: 'worn' });
  } else if (before) {
    metrics().analyzerRestarts.inc({ reason: 'broken' });
  }
  state.child = undefined;
  if (Date.now() < state.restsUntilMs) throw new AnalyzerAwayError('The SQL analyzer could not be started.');
  try {
    state.child = await AnalyzerChild.start(SQL_ANALYZER);
    state.failedStarts = 0;
    metrics().analyzerClosed.set(0);
    return state.child;
  } catch (error) {
    state.restsUntilMs = Date.now() + Math.min(firstRestMs * 2 ** state.failedStarts, longestRestMs);
    state.failedStarts += 1;
    metrics().analyzerClosed.set(1);
    log().error({ reason: (error as Error).message, path: SQL_ANALYZER }, 'the SQL analyzer cannot be started');
    throw new AnalyzerAwayError('The SQL analyzer could not be started.');
  }
}

const isWorn = (child: AnalyzerChild): boolean =>
  child.answered >= mostTexts || (child.usage().rssBytes ?? 0) > limits.rssBytes;

/** For /health: whether texts can be analyzed, without starting anything. */
export async function analyzerStanding(): Promise<{ ok: boolean; message: string }> {
  const { SQL_ANALYZER } = env();
  if (!SQL_ANALYZER) return { ok: true, message: 'not set; the query desk is closed' };
  const { child, failedStarts } = analyzer();
  if (child && !child.isGone) return { ok: true, message: 'runs' };
  const there = await access(SQL_ANALYZER, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (there && failedStarts === 0) return { ok: true, message: 'starts with the first query' };
  return { ok: false, message: 'cannot be started; the query desk is closed' };
}

/** Ends the process; part of a drain. */
export function closeAnalyzer(): void {
  analyzer().child?.kill('this process ends');
  forgetProcessWide('sql-analyzer');
}
