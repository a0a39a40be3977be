/** The third layer's verdict: whether what BigQuery says of a text is a SELECT of the customer's own tables. Pure. Source: docs/desk.md, Three layers decide. */
import type { Refusal } from '@/lib/domains/desk/rules';
import type { Store } from '@/lib/warehouse/schemas/rest';

type TableReference = { projectId?: string; datasetId?: string; tableId?: string };
type Field = { name: string; type: string; mode?: string };

/** What of a dry run's job is looked at (BigQuery REST v2, JobStatistics2). */
export type DryRunAnswer = {
  status?: { errorResult?: { reason?: string; message?: string } };
  statistics?: {
    totalBytesProcessed?: string;
    query?: {
      statementType?: string;
      totalBytesProcessed?: string;
      referencedTables?: TableReference[];
      referencedRoutines?: unknown[];
      schema?: { fields?: Field[] };
    } & Record<string, unknown>;
  };
};

export type DryRunQuestion = {
  /** All that the query may touch, as `project.dataset.table`. */
  allowed: ReadonlySet<string>;
  store: Store;
  /** Whether the text names a table; the service then has to say which ones it reads. */
  readsTables: boolean;
};

/** The service lists so many tables and leaves out the rest. */
const mostListed = 50;

/** Parts of an answer that only statements have which do more than read, or which ask others than BigQuery. */
const foreignParts = [
  'ddlOperationPerformed',
  'ddlTargetTable',
  'ddlDestinationTable',
  'ddlTargetRoutine',
  'ddlTargetDataset',
  'ddlTargetRowAccessPolicy',
  'ddlAffectedRowAccessPolicyCount',
  'dmlStats',
  'numDmlAffectedRows',
  'exportDataStatistics',
  'loadQueryStatistics',
  'externalServiceCosts',
  'mlStatistics',
  'modelTraining',
  'sparkStatistics',
  'dclTargetTable',
  'dclTargetView',
  'dclTargetDataset',
] as const;

const nameOf = ({ projectId, datasetId, tableId }: TableReference): string | null =>
  projectId && datasetId && tableId ? `${projectId}.${datasetId}.${tableId}` : null;

type Statistics = NonNullable<NonNullable<DryRunAnswer['statistics']>['query']>;

/** What is wrong with the tables that the service says it would read; null where nothing is. */
function tableProblem(query: Statistics, { allowed, readsTables }: DryRunQuestion): string | null {
  const { referencedTables } = query;
  if (referencedTables === undefined && !readsTables) return null;
  if (!Array.isArray(referencedTables) || (readsTables && referencedTables.length === 0))
    return 'BigQuery did not say which tables the query reads.';
  if (referencedTables.length >= mostListed) return `A query reads fewer than ${mostListed} tables.`;
  for (const reference of referencedTables) {
    const name = nameOf(reference);
    if (!name) return 'BigQuery did not say which tables the query reads.';
    if (!allowed.has(name)) return `The query reads ${name}, which is none of your tables.`;
  }
  return null;
}

const hasForeignParts = (query: Statistics): boolean => foreignParts.some(part => query[part] !== undefined);

/**
 * The service calls every query a SELECT. A local store names no kind where sets are joined or brackets stand around the query;
 * it says its columns then, and nothing of what other statements do.
 */
function isQuery(query: Statistics, store: Store): boolean {
  if (query.statementType === 'SELECT') return true;
  const isNameless = query.statementType === undefined && query.schema !== undefined;
  return store === 'local' && isNameless && !hasForeignParts(query);
}

function problemOf(answer: DryRunAnswer, question: DryRunQuestion): string | null {
  const failure = answer.status?.errorResult;
  if (failure) return failure.message ?? 'BigQuery refused the query.';
  const query = answer.statistics?.query;
  if (!query || !isQuery(query, question.store)) return 'Only a SELECT is run.';
  const parameters = query.undeclaredQueryParameters;
  if (question.store === 'local') return null;
  if (hasForeignParts(query)) return 'Only a SELECT is run.';
  if (Array.isArray(parameters) && parameters.length > 0) return 'A query has no parameters.';
  const routines = query.referencedRoutines;
  if (routines !== undefined && !(Array.isArray(routines) && routines.length === 0))
    return 'A query calls no functions that somebody made.';
  return tableProblem(query, question);
}

/** Null where the query may run. A local store says nothing of tables, so there only the kind of statement decides. */
export function judgeDryRun(answer: DryRunAnswer, question: DryRunQuestion): Refusal | null {
  const reason = problemOf(answer, question);
  return reason === null ? null : { layer: 'service', reason, line: null, column: null };
}
