/** Takes the events and snapshots of one request: checked, masked, and in the log before anybody hears of success. */
import { z } from 'zod';
import { maskEvent, maskSnapshot } from '@/lib/domains/agent-log/collect/masking/mask-row';
import { normalizeEvent } from '@/lib/domains/agent-log/collect/normalize-event';
import { normalizeSnapshot } from '@/lib/domains/agent-log/collect/normalize-snapshot';
import type { Problem } from '@/lib/domains/agent-log/collect/problems';
import type { ItemKind } from '@/lib/domains/agent-log/collect/sent-items';
import type { AgentEntryMeta, ChatEvent, RepoSnapshot } from '@/lib/domains/agent-log/events';
import { agentProblems, type RefusedItem } from '@/lib/domains/agent-log/rules';
import { readAgentSettings } from '@/lib/domains/agent-log/settings/agent-settings';
import type { AgentLogSettings } from '@/lib/domains/agent-log/tables';
import type { SentRecord } from '@/lib/domains/traces/collect/parse-records';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation, type Operation } from '@/lib/kernel/operation';
import { AppError } from '@/lib/platform/errors';
import { inTurns } from '@/lib/warehouse/ingest/in-turns';
import type { NewEntry } from '@/lib/warehouse/ingest/log/log';

export type ItemsRequest = {
  /** The items as they were sent, or texts that are no JSON. */
  items: readonly SentRecord[];
  /** Resolves once the entry is durable. */
  append: (entry: NewEntry) => Promise<unknown>;
};

/** A refused item as answers list it. */
export type RefusedView = RefusedItem & { message: string };
/** `accepted` counts an event each time it was sent; it is recorded once. */
export type TakenItems = { accepted: number; refused: RefusedView[]; refusedCount: number };

type Row = ChatEvent | RepoSnapshot;
type Form<Kept extends Row> = {
  normalize: (item: unknown, now: Date) => { row: Kept } | { problem: Problem };
  mask: (row: Kept, settings: AgentLogSettings) => Kept;
  /** By which two rows are the same. */
  keyOf: (row: Kept) => string;
  /** Whether a later row of the same key stands in the place of the one before. */
  lastWins: boolean;
};

const eventForm: Form<ChatEvent> = {
  normalize: normalizeEvent,
  mask: maskEvent,
  keyOf: row => row.event_id,
  lastWins: false,
};
const snapshotForm: Form<RepoSnapshot> = {
  normalize: normalizeSnapshot,
  mask: maskSnapshot,
  keyOf: row => JSON.stringify([row.repo_url, row.commit_hash]),
  lastWins: true,
};

/** By whom something is sent, and when. */
type Sender = Pick<CustomerCtx, 'customerId' | 'actor' | 'clock'>;

/** The entry of the log that holds these rows of a customer. */
export const agentEntry = (ctx: Sender, kind: ItemKind, rows: readonly Row[], receivedAt: Date): NewEntry => {
  const meta: AgentEntryMeta = { kind, receivedAt: receivedAt.toISOString(), keyId: ctx.actor.id };
  return { key: ctx.customerId, meta: JSON.stringify(meta), body: rows.map(row => JSON.stringify(row)).join('\n') };
};

async function sorted<Kept extends Row>(items: readonly SentRecord[], form: Form<Kept>, now: Date) {
  const rows = new Map<string, Kept>();
  const refused: RefusedView[] = [];
  for await (const [index, item] of inTurns(items.entries())) {
    const found = 'value' in item ? form.normalize(item.value, now) : { problem: notJson };
    if ('row' in found) {
      const key = form.keyOf(found.row);
      if (form.lastWins || !rows.has(key)) rows.set(key, found.row);
    } else {
      const { code, field } = found.problem;
      refused.push({ index, code, field, message: agentProblems[code] });
    }
  }
  return { rows: [...rows.values()], refused };
}
const notJson: Problem = { code: 'not_json', field: '' };

const listedFields = 20;

/** What the sender hears where nothing of its request is taken. */
function allRefused(refused: RefusedView[]): AppError {
  const fields = refused.slice(0, listedFields).map(({ index, code, field, message }) => {
    return { path: field === '' ? String(index) : `${index}.${field}`, code, message };
  });
  const [first] = fields;
  const said = first ? `${first.path}: ${first.message}` : '';
  const message = refused.length > 1 ? `None of the ${refused.length} items can be taken. ${said}` : said;
  return new AppError('invalid_input', message, { fields, details: { refused, refused_count: refused.length } });
}

async function take<Kept extends Row>(ctx: Sender, kind: ItemKind, form: Form<Kept>, request: ItemsRequest) {
  const receivedAt = ctx.clock();
  const { items, append } = request;
  const { rows, refused } = await sorted(items, form, receivedAt);
  if (rows.length === 0 && refused.length > 0) throw allRefused(refused);
  if (rows.length > 0) {
    const settings = await readAgentSettings(ctx.customerId);
    const kept: Kept[] = [];
    for await (const row of inTurns(rows)) kept.push(form.mask(row, settings));
    await append(agentEntry(ctx, kind, kept, receivedAt));
  }
  return { accepted: items.length - refused.length, refused, refusedCount: refused.length };
}

const nothing = z.strictObject({});
export type TakeItems = Operation<typeof nothing, [request: ItemsRequest], TakenItems>;

/**
 * Checks, masks and keeps events; what is answered as accepted is durable. AppError invalid_input where none of them can be taken;
 * throws what the log throws while it is away. Source: docs/architecture.md, Agent log.
 */
export const takeEvents: TakeItems = defineOperation({
  name: 'agent_log.take_events',
  permission: 'agent-log:write',
  input: nothing,
  run: (ctx, _, request: ItemsRequest) => take(ctx, 'events', eventForm, request),
});

/** Keeps events that we ourselves write of what a key did, as takeEvents does those that are sent. Throws as it does. */
export const recordEvents = (sender: Sender, request: ItemsRequest): Promise<TakenItems> =>
  take(sender, 'events', eventForm, request);

/** The same of snapshots: of two of the same commit in one request the last one counts. */
export const takeSnapshots: TakeItems = defineOperation({
  name: 'agent_log.take_snapshots',
  permission: 'agent-log:write',
  input: nothing,
  run: (ctx, _, request: ItemsRequest) => take(ctx, 'snapshots', snapshotForm, request),
});
