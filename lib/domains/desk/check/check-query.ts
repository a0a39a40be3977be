/** The two layers that decide about a text before BigQuery hears of it. Source: docs/desk.md, Three layers decide. */
import { checkText } from '@/lib/domains/desk/check/check-text';
import type { DeskTable, Refusal } from '@/lib/domains/desk/rules';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { type Analysis, AnalyzerAwayError, analyzeSql } from '@/lib/platform/sql-analyzer/analyze-sql';

export type QueryQuestion = {
  /** Names of the customer's tables. */
  tables: readonly string[];
  /** Those of these names, with their columns; asked once, for the tables that the text names. */
  columnsOf: (names: readonly string[]) => Promise<readonly DeskTable[]>;
  /** LIMIT where the text has none. */
  limit: number;
  /** Told how many milliseconds a layer worked on the text. */
  worked?: (ms: number) => void;
};

export type CheckedQuery = {
  /** What runs. */
  sql: string;
  /** Names of the tables that it reads, sorted. */
  tables: string[];
};

const retryAfterSeconds = 60;
/** What it takes to read a column and to tell it to the analyzer; not measured by the clock, as it is mostly waiting. */
const msOfColumn = 0.002;

const refused = ({ reason, ...where }: Refusal) =>
  new AppError('query_refused', reason, { details: { reason, ...where } });

async function analyze(sql: string, tables: readonly DeskTable[]): Promise<Analysis> {
  try {
    return await analyzeSql({ sql, tables });
  } catch (error) {
    if (!(error instanceof AnalyzerAwayError)) throw error;
    log().error({ reason: error.message }, 'the query desk is closed: its SQL analyzer is away');
    throw new AppError('desk_closed', 'The query desk is closed for the moment. Try again in a minute.', {
      retryAfterSeconds,
      cause: error,
    });
  }
}

/** The analyzer knows the tables that the text layer read, so that another one is unknown to it. */
const isUnnamed = (message: string): boolean => message.startsWith('Table not found');

const noteDisagreement = (named: readonly string[], resolved: readonly string[] | string): void =>
  log().error({ named, resolved }, 'two layers of the query desk disagree about a text');

/**
 * What runs of a text, and the tables that it reads, once both layers have let it pass and name the same tables. AppError
 * query_refused with layer, reason, line and column in its details; desk_closed while there is no analyzer.
 */
export async function checkQuery(
  sql: string,
  { tables, columnsOf, limit, worked = () => {} }: QueryQuestion,
): Promise<CheckedQuery> {
  const began = performance.now();
  const text = checkText(sql, { tables, limit });
  worked(performance.now() - began);
  if (!text.ok) throw refused({ layer: 'text', reason: text.reason, line: text.line, column: text.column });
  const named = await columnsOf(text.tables);
  worked(msOfColumn * named.reduce((count, { columns }) => count + columns.length, 0));
  const analysis = await analyze(text.sql, named);
  // Not by the clock: others wait for the same process.
  worked(analysis.cpuMs);
  if (!analysis.ok) {
    const { message, line, column } = analysis;
    if (isUnnamed(message) && named.length === text.tables.length) noteDisagreement(text.tables, message);
    throw refused({ layer: 'analyzer', reason: message, line, column });
  }
  if (analysis.tables.join() !== text.tables.join()) {
    noteDisagreement(text.tables, analysis.tables);
    const reason = 'The text can be read in more than one way; write it more plainly.';
    throw refused({ layer: 'analyzer', reason, line: null, column: null });
  }
  return { sql: text.sql, tables: text.tables };
}
