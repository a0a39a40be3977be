/** A person brings discarded values into their rows, once the column takes them. */
import { z } from 'zod';
import { discardId, findDiscard } from '@/lib/domains/events/discards/find-discard';
import { whyHeld } from '@/lib/domains/events/discards/reasons';
import { eventIngest } from '@/lib/domains/events/ingest';
import { sourceId } from '@/lib/domains/events/input';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';
import { type Replay, replayDiscard as replay } from '@/lib/warehouse/ingest/evolve/discards/replay-discard';

type Replayed = {
  source_id: string;
  discard_id: string;
  /** Values that are in their rows now. */
  values: number;
  /** False where there was no time for all of them: ask again. */
  is_complete: boolean;
};

function valuesOf(done: Replay): { values: number; is_complete: boolean } {
  switch (done.state) {
    case 'replayed':
    case 'partly':
      return { values: done.values, is_complete: done.state === 'replayed' };
    case 'held':
      throw new AppError('conflict', `The column does not take these values yet: ${whyHeld(done.reason)}`);
    case 'busy':
      throw new AppError('conflict', 'The table is being loaded just now. Try again in a moment.');
    case 'gone':
      throw new AppError('not_found', 'The source has no such discard.');
    default:
      return done satisfies never;
  }
}

/**
 * Makes or widens the column as far as limits or a person allow, and writes the values into the rows that lack them; done
 * twice it changes nothing more. Takes up to half a minute. AppError not_found, conflict, warehouse_unavailable.
 */
export const replayDiscard = defineCommand({
  name: 'discard.replay',
  permission: 'events:write',
  input: z.strictObject({ source_id: sourceId, discard_id: discardId }),
  prepare: async ({ ctx, input }) => {
    const { tableName, columnName } = await findDiscard(requireCustomer(ctx), input);
    const done = valuesOf(await replay(eventIngest, input.discard_id, { clock: ctx.clock }));
    return { ...done, table: tableName, column: columnName };
  },
  run: async ({ input, prepared: { values, is_complete, table, column } }): Promise<Change<Replayed>> => {
    const result = { ...input, values, is_complete };
    if (values === 0) return { result, unchanged: true };
    const after = { table, column, values };
    return { result, target: { type: 'event_source', id: input.source_id }, before: null, after, mirror: [] };
  },
});
