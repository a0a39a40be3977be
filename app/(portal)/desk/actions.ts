'use server';
/** The editor's form, and queries that are kept by name: the same words as the JSON routes. */
import { createHash } from 'node:crypto';
import { text } from '@/app/(portal)/_shell/form-values';
import { checkedOf, type DeskState, opened, refusalOf } from '@/app/(portal)/desk/_parts/desk-state';
import { queryHref, savedHref } from '@/app/(portal)/desk/_parts/desk-words';
import { estimateQuery } from '@/lib/domains/desk/run/estimate-query';
import { runQuery } from '@/lib/domains/desk/run/run-query';
import { changeSavedQuery, deleteSavedQuery, saveQuery } from '@/lib/domains/desk/saved/saved-queries';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import { type FormState, idle } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/** One for each text of each form that was opened: a double click runs one query, and a changed text another one. */
const tokenOf = (values: FormValues): string =>
  createHash('sha256')
    .update(JSON.stringify([values.idempotency_key, values.opened, values.attempt, values.sql, values.limit]))
    .digest('hex');

/** Browsers send line ends as CR LF; places in the text count what was typed. */
const sqlOf = (values: FormValues): string => text(values.sql).replaceAll('\r\n', '\n');

/** The query whose job could not be asked what became of it: its own page says it once it can. */
const leftRunning = (error: unknown): string | null =>
  error instanceof AppError && error.code === 'warehouse_unavailable' && typeof error.details?.query_id === 'string'
    ? error.details.query_id
    : null;

/** Checks a text or runs it; a query that ran leads to its own page. */
export async function askAction(before: DeskState, data: FormData): Promise<DeskState> {
  const { sql, limit } = { sql: sqlOf({ sql: String(data.get('sql') ?? '') }), limit: String(data.get('limit') ?? '') };
  let told: Partial<DeskState> = {};
  const form = await memberAction(data, async ({ ctx }, values) => {
    const customer = requireCustomer(ctx);
    const input = { sql: sqlOf(values), limit: text(values.limit) };
    try {
      if (text(values.intent) !== 'run') {
        told = { checked: checkedOf(await estimateQuery(customer, input)) };
        return idle;
      }
      const answer = await runQuery(customer, { ...input, request_token: tokenOf(values) }, { door: 'portal' });
      return await land(`${queryHref(answer.queryId)}?done=ran`);
    } catch (error) {
      const left = leftRunning(error);
      if (left) return await land(`${queryHref(left)}?done=asked`);
      const refused = refusalOf(error, sql);
      if (!refused) throw error;
      told = { refused };
      return idle;
    }
  });
  return { ...opened(sql, limit), form, ...told, attempt: before.attempt + 1 };
}

export async function saveQueryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await saveQuery(ctx, { query_name: text(values.query_name), sql: sqlOf(values) });
    return land(`${savedHref}?done=saved`);
  });
}

export async function changeSavedQueryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await changeSavedQuery(ctx, {
      saved_query_id: text(values.saved_query_id),
      query_name: text(values.query_name),
      sql: sqlOf(values),
    });
    return land(`${savedHref}?done=changed`);
  });
}

export async function deleteSavedQueryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await deleteSavedQuery(ctx, { saved_query_id: text(values.saved_query_id) });
    return land(`${savedHref}?done=deleted`);
  });
}
