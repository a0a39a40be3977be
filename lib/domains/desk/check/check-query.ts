/** The two layers that decide about a text before BigQuery hears of it. Source: docs/desk.md, Three layers decide. */
import { checkText } from '@/lib/domains/desk/check/check-text';
import type { DeskTable, Refusal } from '@/lib/domains/desk/rules';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { type Analysis, AnalyzerAwayError, analyzeSql } from '@/lib/platform/sql-analyzer/analyze-sql';

export type QueryQuestion = {
  /** The customer's tables. */
  tables: readonly DeskTable[];
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

/**
 * What runs of a text, and the tables that it reads, once both layers have let it pass and name the same tables. AppError
 * query_refused with layer, reason, line and column in its details; desk_closed while there is no analyzer.
 */
export async function checkQuery(
  sql: string,
  { tables, limit, worked = () => {} }: QueryQuestion,
): Promise<CheckedQuery> {
  const began = performance.now();
  const text = checkText(sql, { tables: tables.map(({ name }) => name), limit });
  worked(performance.now() - began);
  if (!text.ok) throw refused({ layer: 'text', reason: text.reason, line: text.line, column: text.column });
  const analysis = await analyze(text.sql, tables);
  // Not by the clock: others wait for the same process.
  worked(analysis.cpuMs);
  if (!analysis.ok) {
    const { message, line, column } = analysis;
    throw refused({ layer: 'analyzer', reason: message, line, column });
  }
  if (analysis.tables.join() !== text.tables.join()) {
    log().error(
      { named: text.tables, resolved: analysis.tables },
      'two layers of the query desk disagree about a text',
    );
    const reason = 'The text can be read in more than one way; write it more plainly.';
    throw refused({ layer: 'analyzer', reason, line: null, column: null });
  }
  return { sql: text.sql, tables: text.tables };
}
