/** Rotating and revoking the write keys of a source. Source: docs/architecture.md, Event collection. */
import { and, eq, isNull } from 'drizzle-orm';
import { revokeWriteKeyInput, rotateWriteKeyInput } from '@/lib/domains/events/input';
import { maxWriteKeys } from '@/lib/domains/events/rules';
import { forgetSource } from '@/lib/domains/events/sources/source-of-write-key';
import { changedSource, currentView, keysOf, lockSource } from '@/lib/domains/events/sources/stored-source';
import { newWriteKey } from '@/lib/domains/events/sources/write-key';
import { eventWriteKeys } from '@/lib/domains/events/tables';
import { type SourceView, works } from '@/lib/domains/events/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/**
 * Makes a new write key; the current one goes on for the overlap, since open pages keep it. With `write_key` of the one that
 * the caller saw, a repeat makes none. AppError not_found, conflict where too many keys would work at once.
 */
export const rotateWriteKey = defineCommand({
  name: 'event_source.rotate_key',
  permission: 'events:write',
  input: rotateWriteKeyInput,
  run: async ({ ctx, tx, input }): Promise<Change<SourceView>> => {
    const source = await lockSource(tx, ctx, input.source_id);
    const { sourceId } = source;
    const now = ctx.clock();
    const before = await currentView(tx, ctx, source);
    const current = before.write_keys.filter(key => key.expires_at === null);
    if (input.write_key !== undefined && !current.some(key => key.write_key === input.write_key)) {
      const replaced = (await keysOf(tx, [sourceId])).some(key => key.writeKey === input.write_key);
      if (replaced && current.length > 0) return { result: before, unchanged: true };
      throw new AppError('not_found', 'This source has no such write key.');
    }
    const staying = before.write_keys.length - (input.overlap_seconds === 0 ? current.length : 0);
    if (staying >= maxWriteKeys)
      throw new AppError('conflict', `${staying} write keys of this source work already. Revoke one of them first.`, {
        details: { max_write_keys: maxWriteKeys },
      });
    const end = new Date(now.getTime() + input.overlap_seconds * 1_000);
    await tx
      .update(eventWriteKeys)
      .set(input.overlap_seconds === 0 ? { expiresAt: end, revokedAt: now } : { expiresAt: end })
      .where(
        and(eq(eventWriteKeys.sourceId, sourceId), isNull(eventWriteKeys.expiresAt), isNull(eventWriteKeys.revokedAt)),
      );
    const made = { writeKey: newWriteKey(), sourceId, createdAt: now, createdBy: actorLabel(ctx.actor) };
    await tx.insert(eventWriteKeys).values(made);
    return changedSource(before, await currentView(tx, ctx, source));
  },
  effects: async ({ result }) => forgetSource(result.source_id),
});

/** Ends a write key now; one that has ended stays as it is. The last one too: it may stand where it must not. AppError not_found. */
export const revokeWriteKey = defineCommand({
  name: 'event_source.revoke_key',
  permission: 'events:write',
  input: revokeWriteKeyInput,
  run: async ({ ctx, tx, input }): Promise<Change<SourceView>> => {
    const source = await lockSource(tx, ctx, input.source_id);
    const now = ctx.clock();
    const before = await currentView(tx, ctx, source);
    const key = (await keysOf(tx, [source.sourceId])).find(({ writeKey }) => writeKey === input.write_key);
    if (!key) throw new AppError('not_found', 'This source has no such write key.');
    if (!works(key, now)) return { result: before, unchanged: true };
    await tx.update(eventWriteKeys).set({ revokedAt: now }).where(eq(eventWriteKeys.writeKey, key.writeKey));
    return changedSource(before, await currentView(tx, ctx, source));
  },
  effects: async ({ result }) => forgetSource(result.source_id),
});
