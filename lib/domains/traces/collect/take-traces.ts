/** Takes the records of one request: normalised, and in the log before anybody hears of success. */
import type { TraceEntryMeta } from '@/lib/domains/traces/collect/entry-meta';
import { normalizeBody, type SentTraces, type TakenTraces } from '@/lib/domains/traces/collect/normalize-body';
import type { TraceNames } from '@/lib/domains/traces/collect/span-names';
import { takeTracesInput } from '@/lib/domains/traces/input';
import { repoSlug } from '@/lib/domains/traces/normalize/repo-slug';
import { traceProblems } from '@/lib/domains/traces/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type TraceRequest = {
  sent: SentTraces;
  /** Of spans the names of their traces; null for records. */
  names: TraceNames | null;
  /** Resolves once the entry is durable. */
  append: (entry: NewEntry) => Promise<unknown>;
};

/** Refused records that an answer lists. */
const listedRecords = 100;
const listedFields = 20;

export type RefusedView = { index: number; code: string; field: string; message: string };

/** The refused records as answers list them. */
export const listed = ({ refused }: TakenTraces): RefusedView[] =>
  refused
    .slice(0, listedRecords)
    .map(({ index, code, field }) => ({ index, code, field, message: traceProblems[code] }));

function entryOf(ctx: CustomerCtx, { form }: SentTraces, taken: TakenTraces, receivedAt: Date): NewEntry {
  const { rows, refused, refusedCount } = taken;
  const meta: TraceEntryMeta = {
    receivedAt: receivedAt.toISOString(),
    source: rows[0]?.source ?? (form === 'otlp' ? 'otlp' : 'document'),
    keyId: ctx.actor.id,
    refused,
    refusedCount,
    assumedTimes: rows.filter(row => row.timestamp_assumed).length,
  };
  return { key: ctx.customerId, meta: JSON.stringify(meta), body: rows.map(row => JSON.stringify(row)).join('\n') };
}

/** What the sender hears where nothing of its request is taken. */
function allRefused(taken: TakenTraces): AppError {
  const refused = listed(taken);
  const fields = refused.slice(0, listedFields).map(({ index, code, field, message }) => {
    const path = field === '' ? String(index) : `${index}.${field}`;
    return { path, code, message };
  });
  const [one] = fields;
  const said = one ? `${one.path}: ${one.message}` : '';
  const message = taken.refusedCount > 1 ? `None of the ${taken.refusedCount} records can be taken. ${said}` : said;
  return new AppError('invalid_input', message, { fields, details: { refused, refused_count: taken.refusedCount } });
}

/**
 * Normalises and keeps what was sent; what is answered of it is durable. Records of which none can be taken are an AppError
 * invalid_input; spans never are, as their senders are told of them by the answer. Throws what the log throws while it is away.
 * Source: docs/architecture.md, AI traces.
 */
export const takeTraces = defineOperation({
  name: 'traces.take',
  permission: 'traces:write',
  input: takeTracesInput,
  run: async (ctx, { repo }, { sent, names, append }: TraceRequest): Promise<TakenTraces> => {
    const receivedAt = ctx.clock();
    const facts = { receivedAt, repoSlug: repo === undefined ? null : repoSlug(repo) };
    const taken = normalizeBody(sent, facts, names);
    if (taken.rows.length === 0 && taken.refusedCount === 0) return taken;
    const entry = entryOf(ctx, sent, taken, receivedAt);
    if (taken.rows.length > 0) {
      await append(entry);
      return taken;
    }
    // A refusal is answered as such also where it cannot be noted.
    await append(entry).catch((error: unknown) => log().warn({ err: error }, 'refused traces could not be noted'));
    if (sent.form === 'records') throw allRefused(taken);
    return taken;
  },
});
