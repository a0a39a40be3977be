/** A person lets a column be made that a limit on new columns held back. */
import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { discardId, findDiscard } from '@/lib/domains/events/discards/find-discard';
import { heldByLimit } from '@/lib/domains/events/discards/reasons';
import { sourceId } from '@/lib/domains/events/input';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';
import { ingestDiscards } from '@/lib/warehouse/ingest/tables';

type Allowed = { source_id: string; discard_id: string; table: string; column: string; allowed_at: Date };

/**
 * The column is made with the next rows that have it, and what was discarded can be replayed. AppError not_found, conflict
 * where no limit held it.
 */
export const allowDiscard = defineCommand({
  name: 'discard.allow',
  permission: 'events:write',
  input: z.strictObject({ source_id: sourceId, discard_id: discardId }),
  run: async ({ ctx, tx, input }): Promise<Change<Allowed>> => {
    const { dataset, tableName, columnName, reason, allowedAt } = await findDiscard(requireCustomer(ctx), input, tx);
    if (!heldByLimit.includes(reason))
      throw new AppError('conflict', 'No limit on columns holds this one back, so there is nothing to allow.');
    const answer = { ...input, table: tableName, column: columnName };
    if (allowedAt) return { result: { ...answer, allowed_at: allowedAt }, unchanged: true };
    const now = ctx.clock();
    // All discards of the column: what is allowed is the column, whatever type its values have.
    await tx
      .update(ingestDiscards)
      .set({ allowedAt: now, allowedBy: actorLabel(ctx.actor) })
      .where(
        and(
          eq(ingestDiscards.dataset, dataset),
          eq(ingestDiscards.tableName, tableName),
          eq(ingestDiscards.columnName, columnName),
          inArray(ingestDiscards.reason, [...heldByLimit]),
        ),
      );
    return {
      result: { ...answer, allowed_at: now },
      target: { type: 'event_source', id: input.source_id },
      before: null,
      after: { table: tableName, column: columnName },
      mirror: [],
    };
  },
});
