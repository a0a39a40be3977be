/** Rules of AI traces: the document's prices, sizes, what is wrong with a record. Source: docs/spec/001-ai-traces.md. */

/** Dollars per million tokens. */
export type DocumentPrice = { input: number; output: number };

/** The document's table: exact names only, and never changed, so that `cost_usd` is reproducible. Source: docs/spec/001-ai-traces.md, Cost Calculation. */
export const documentPrices: Readonly<Record<string, DocumentPrice>> = {
  'anthropic/claude-3-sonnet': { input: 15, output: 75 },
  'anthropic/claude-3-opus': { input: 15, output: 75 },
  'anthropic/claude-3-haiku': { input: 1, output: 5 },
  'openai/gpt-4o': { input: 5, output: 15 },
  'openai/gpt-4o-mini': { input: 0.15, output: 0.6 },
};
export const unknownModelPrice: DocumentPrice = { input: 10, output: 10 };

/** `cost_usd` of a request in US dollars. Source: docs/spec/001-ai-traces.md, Cost Calculation. */
export function documentCostUsd(model: string | null, tokensIn: number, tokensOut: number): number {
  const known = model !== null && Object.hasOwn(documentPrices, model) ? documentPrices[model] : undefined;
  const { input, output } = known ?? unknownModelPrice;
  return (tokensIn / 1_000_000) * input + (tokensOut / 1_000_000) * output;
}

/** Whose form a record has. */
export const traceSources = ['litellm', 'otlp', 'document'] as const;
export type TraceSource = (typeof traceSources)[number];

/** Most that is taken at once, in bytes, records and signs. */
export const traceSizes = {
  /** A line of a file, or one record of a request; prompts and answers are part of it. */
  lineBytes: 4 * 1_048_576,
  bodyBytes: 16 * 1_048_576,
  /** Of a body after it was decompressed. */
  plainBytes: 32 * 1_048_576,
  records: 20_000,
  nameSigns: 256,
  errorSigns: 500,
} as const;

/** Codes of what is wrong with a record, each with its sentence; the field stands beside it. */
export const traceProblems = {
  not_json: 'The line is not JSON.',
  not_an_object: 'A record is a JSON object.',
  line_too_long: 'A record has at most 4 MB.',
  wrong_type: 'The field has another type than expected.',
  negative: 'The field must not be negative.',
  not_a_number: 'The field is not a finite number.',
  not_whole: 'The field is a whole number.',
  not_a_time: 'The time is not one that can be read, or lies outside of 1970 to 2106.',
  out_of_range: 'The field is out of range.',
  no_usage: 'The record has neither tokens nor a model: it is no request to a model.',
  not_utf8: 'The line is not UTF-8.',
} as const;
export type TraceProblemCode = keyof typeof traceProblems;
export type TraceProblem = { code: TraceProblemCode /** Path in the record; '' for the whole. */; field: string };

/** Traces of a customer whose owners are remembered, the last told ones, and for how long. */
export const mostTraceOwners = 100_000;
export const traceOwnerHours = 24;

/** Dead letters kept of one import or request; what is beyond is counted. */
export const keptDeadLetters = 10_000;
/** Signs kept of a refused line. */
export const keptLineSigns = 2_000;

/** Jobs that `etl_runs` names. */
export const etlJobs = [
  'ingest-traces',
  'receive-traces',
  'reprice-traces',
  'archive-traces',
  'expire-traces',
  'ingest-github',
] as const;
export type EtlJob = (typeof etlJobs)[number];
export const etlStates = ['RUNNING', 'COMPLETED', 'FAILED'] as const;
export type EtlState = (typeof etlStates)[number];

/** Days a customer may set for its rows to be kept; null = for ever. Source: docs/spec/001-ai-traces.md, Data Retention. */
export const retentionDays = { least: 30, most: 3_650 } as const;
/** Age in days at which Parquet files are archived. Source: docs/spec/001-ai-traces.md, Data Retention. */
export const archiveAfterDays = 90;

/** Share of a session's cost beyond which it counts as costly, in US dollars. Source: docs/spec/001-ai-traces.md, Find High-Cost Sessions. */
export const highCostUsd = 0.01;

/** What a budget of AI usage is about. */
export const budgetScopes = ['all', 'developer', 'repository', 'model'] as const;
export type BudgetScope = (typeof budgetScopes)[number];
/** Shares of a budget at which people are told. */
export const budgetMarks = { warning: 0.8, reached: 1 } as const;
/** Most budgets of a customer: one question to BigQuery measures them all. */
export const maxBudgets = 200;
