/** Rules of the query desk: sizes, caps, states, what a table of it is, and what bytes cost. Source: docs/desk.md. */

export const queryStatuses = ['RUNNING', 'COMPLETED', 'FAILED', 'LOST'] as const;
/** LOST: the process that ran it ended before it could say what became of it; its estimate stays counted. */
export type QueryStatus = (typeof queryStatuses)[number];

/** Where a query came from. */
export const doors = ['portal', 'api', 'mcp'] as const;
export type Door = (typeof doors)[number];

/** Bytes of UTF-8 that a text may have. */
export const longestSqlBytes = 32_768;
/** Levels that a text's syntax tree may have. */
export const deepestTree = 1_000;
/** Rows of a result that can be read, whatever its LIMIT. */
export const resultRows = 10_000;
/** LIMIT where the text has none and the caller named none. */
export const defaultLimit = 1_000;
/** LIMIT of a look at one table. */
export const lookLimit = 100;
/** BigQuery keeps the result of a query for so long. */
export const resultHours = 24;
export const historyDays = 90;
/** A query that has not ended after this is LOST. */
export const lostMinutes = 15;
/** Columns of event tables that a list of all tables tells; where there are more, it tells none of them. */
export const mostListedColumns = 2_000;
export const mostSavedQueries = 200;
/** Queries of a customer on a UTC day: some bill nothing, and each is kept. */
export const mostQueriesPerDay = 20_000;
/** Queries that a customer may have running at the same time. */
export const mostRunning = 5;

/** The service bills a query at least so much for each table it reads, and refuses a lower cap. */
export const leastBytes = 10 * 1024 ** 2;
const tib = 1024 ** 4;

/** Bytes that the service bills at least, by the dry run's `bytes` and the number of tables. */
export const billedAtLeast = (bytes: number, tables: number): number => Math.max(bytes, tables * leastBytes);

/** Dollars of `bytes` at a price a TiB. */
export const usdOfBytes = (bytes: number, usdPerTib: number): number => (bytes / tib) * usdPerTib;

/** What a table is about, in the order of lists. */
export const tableGroups = ['metadata', 'ai-usage', 'agent-log', 'events'] as const;
export type TableGroup = (typeof tableGroups)[number];

export type DeskColumn = {
  name: string;
  /** As BigQuery names it: STRING, INT64, FLOAT64, BOOL, NUMERIC, TIMESTAMP, DATE, JSON, BYTES. */
  type: string;
  repeated: boolean;
  description: string;
};

/** A table that queries may name: a view of the customer's desk dataset. */
export type DeskTable = {
  /** As texts name it: one word, small letters. */
  name: string;
  group: TableGroup;
  description: string;
  /** None where a list leaves them out because there are too many; a table that is asked for by its name has them. */
  columns: readonly DeskColumn[];
  /** The column whose filter keeps a query cheap, where the table is partitioned. */
  partitionColumn: string | null;
  /** Whether the service refuses a query that does not filter by partitionColumn. */
  needsFilter: boolean;
};

/** Which layer refused a text. */
export const refusalLayers = ['text', 'analyzer', 'service'] as const;
export type RefusalLayer = (typeof refusalLayers)[number];

/** Why a text is not run, and where; line and column count from 1, null where no place can be named. */
export type Refusal = { layer: RefusalLayer; reason: string; line: number | null; column: number | null };

/** Columns of a result in order; types as DeskColumn's. Values of rows are JSON: numbers that JSON cannot hold exactly are texts. */
export type ResultColumn = { name: string; type: string; repeated: boolean };

/** Whether a query of that estimate is within the day; where an admin set the day to 0, none is, whatever it reads. */
export const fitsDay = (estimatedBytes: number, dayBytes: number, bytesPerDay: number): boolean =>
  bytesPerDay > 0 && dayBytes + estimatedBytes <= bytesPerDay;
