/** What the editor opens with, by its address: a look at a table, a query that was asked, a saved one, an example, or else the text to begin with. */
import { notFound } from 'next/navigation';
import type { ListParams } from '@/app/_ui/list-params';
import { examples, firstText } from '@/app/(portal)/desk/_parts/examples';
import { lookText } from '@/app/(portal)/desk/_parts/look-text';
import { deskTables } from '@/lib/domains/desk/catalog/desk-tables';
import { defaultLimit } from '@/lib/domains/desk/rules';
import { readQuery } from '@/lib/domains/desk/run/read-result';
import type { SavedQueryView } from '@/lib/domains/desk/saved/saved-queries';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { utcDay } from '@/lib/platform/clock';
import { AppError } from '@/lib/platform/errors';

/** `saved` is the saved query that the text is of. */
export type OpenedText = { sql: string; limit: number; saved: SavedQueryView | null };

/** Whether the address names no text: the editor begins with what was typed in it last. */
export const opensNothing = ({ query, saved, table, example }: ListParams): boolean =>
  !query && !saved && !table && !example;

/** The LIMIT that a query without one was given; null where its text has its own. What ran has all other signs at their places. */
export function givenLimit(sql: string, executedSql: string): number | null {
  const added = /\nLIMIT (\d+)(?=[\s)]*$)/.exec(executedSql);
  return added === null || sql.startsWith(added[0], added.index) ? null : Number(added[1]);
}

async function askedBefore(ctx: CustomerCtx, queryId: string): Promise<OpenedText> {
  try {
    const { sql, executedSql } = await readQuery(ctx, {}, queryId);
    return { sql, limit: givenLimit(sql, executedSql) ?? defaultLimit, saved: null };
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  }
}

/** `savedQueries` are all that the organization has. Answers 404 for what is not there, and for what is somebody else's. */
export async function openedText(
  ctx: CustomerCtx,
  params: ListParams,
  savedQueries: readonly SavedQueryView[],
): Promise<OpenedText> {
  const opened = (sql: string | undefined, of: SavedQueryView | null = null): OpenedText => {
    if (sql === undefined) notFound();
    return { sql, limit: defaultLimit, saved: of };
  };
  if (params.query) return askedBefore(ctx, params.query);
  if (params.saved) {
    const found = savedQueries.find(({ saved_query_id }) => saved_query_id === params.saved);
    return opened(found?.sql, found);
  }
  if (params.table) {
    const [table] = await deskTables(ctx, new Set([params.table]));
    return opened(table && lookText(table, utcDay(ctx.clock())));
  }
  if (params.example) return opened(examples.find(({ id }) => id === params.example)?.sql);
  return opened(firstText);
}
