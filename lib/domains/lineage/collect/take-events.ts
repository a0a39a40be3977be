/** Takes the events of one request: read, within the customer's events a minute, and durable before anybody hears of success. */
import { z } from 'zod';
import { enqueue } from '@/lib/domains/lineage/collect/enqueue';
import { type NewLineageEvent, readEvent } from '@/lib/domains/lineage/collect/read-event';
import { mostSteps } from '@/lib/domains/lineage/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { consume } from '@/lib/kernel/limits';
import { defineOperation } from '@/lib/kernel/operation';
import { env } from '@/lib/platform/env';
import { AppError, type FieldError } from '@/lib/platform/errors';
import { inTurns } from '@/lib/warehouse/ingest/in-turns';

/** An event that was not taken; `later`: sent again it may be, and what the sender waits until then, in seconds. */
export type NotTaken = { index: number; fields: FieldError[] } & ({ later: false } | { later: true; seconds: number });
/** `accepted` counts those too that tell of no run. */
export type TakenEvents = { accepted: number; notTaken: NotTaken[] };

/**
 * Senders wait as long as they are told, some with their pipeline, and try five times: with this they meet the next minute.
 */
const longestWaitSeconds = 15;
/** A run that is full stays so, and its sender should not be held up for it. */
const fullWaitSeconds = 1;

/** A request larger than a minute's events takes all of them. Throws AppError slow_down. */
async function takeOfMinute(who: { name: string; counted: string; is: string }, count: number): Promise<void> {
  const points = env().LINEAGE_EVENTS_PER_MINUTE;
  const { allowed, resetSeconds } = await consume(
    { name: who.name, points, seconds: 60 },
    who.counted,
    Math.min(count, points),
  );
  if (allowed) return;
  throw new AppError('slow_down', `${who.is} may send ${points} events a minute.`, {
    retryAfterSeconds: Math.min(resetSeconds, longestWaitSeconds),
  });
}

/**
 * Takes one request of a key, whatever is in it. Clients send a request an event and as many as their jobs have, so the
 * requests a second of the key's tier, which suit a worker, would hold their pipelines up. Throws AppError slow_down.
 */
export const takeLineageRequest = (keyId: string): Promise<void> =>
  takeOfMinute({ name: 'lineage-requests', counted: keyId, is: 'This key' }, 1);

/** Whatever Postgres has said: the event is not stored, and its sender is to keep it. Throws AppError database_unavailable. */
const notStored = (cause: unknown): never => {
  throw new AppError('database_unavailable', 'The events could not be stored. Send them again shortly.', {
    retryAfterSeconds: 5,
    cause,
  });
};

const full = { path: 'run', message: `The run has ${mostSteps} steps, which is as many as one may have.` };
const unkeepable = { path: '', message: 'The event holds a value that cannot be stored.' };

async function take(ctx: CustomerCtx, events: readonly unknown[]): Promise<TakenEvents> {
  if (events.length > 0)
    await takeOfMinute({ name: 'lineage-events', counted: ctx.customerId, is: 'Your organization' }, events.length);
  const notTaken: NotTaken[] = [];
  const rows: { index: number; row: NewLineageEvent }[] = [];
  for await (const [index, event] of inTurns(events.entries())) {
    const read = readEvent(event, ctx);
    if (read.kind === 'run') rows.push({ index, row: read.row });
    else if (read.kind === 'wrong') notTaken.push({ index, fields: read.fields, later: false });
  }
  const outcomes = await enqueue(rows.map(({ row }) => row)).catch(notStored);
  for (const [at, { index }] of rows.entries()) {
    if (outcomes[at] === 'full') notTaken.push({ index, fields: [full], later: true, seconds: fullWaitSeconds });
    if (outcomes[at] === 'unkeepable') notTaken.push({ index, fields: [unkeepable], later: false });
  }
  notTaken.sort((one, other) => one.index - other.index);
  return { accepted: events.length - notTaken.length, notTaken };
}

const nothing = z.strictObject({});

/**
 * Keeps the events that can be read; what is not told of as not taken is durable. Throws AppError slow_down beyond the
 * customer's events a minute, database_unavailable where they cannot be stored. Source: docs/lineage.md, On the wire.
 */
export const takeEvents = defineOperation({
  name: 'lineage.take_events',
  permission: 'runs:write',
  input: nothing,
  run: (ctx, _, events: readonly unknown[]) => take(ctx, events),
});
