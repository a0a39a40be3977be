/** Creating, editing and deleting event sources. Source: docs/architecture.md, Event collection. */
import { isDeepStrictEqual } from 'node:util';
import { and, eq, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { lockCustomer, readCustomer } from '@/lib/domains/customers/profile';
import { createSourceInput, editSourceInput, sourceIdInput } from '@/lib/domains/events/input';
import { freeDatasets, takeDataset } from '@/lib/domains/events/sources/allocate-dataset';
import { forgetSource } from '@/lib/domains/events/sources/source-of-write-key';
import {
  changedSource,
  currentView,
  lockSource,
  requireFreeName,
  requireFreePlace,
  requireSameForm,
  sourceOfRequest,
} from '@/lib/domains/events/sources/stored-source';
import { newWriteKey } from '@/lib/domains/events/sources/write-key';
import { type EventSource, eventSources, eventWriteKeys } from '@/lib/domains/events/tables';
import type { SourceView } from '@/lib/domains/events/view';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, requireCustomer } from '@/lib/kernel/ctx';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { newId } from '@/lib/platform/ids';

/**
 * Creates a source with a write key and a dataset of its own, whose name is given away for good; BigQuery makes it with the
 * first event. The same request_token again answers the source that it made. AppError invalid_input, conflict,
 * warehouse_unavailable.
 */
export const createSource = defineCommand({
  name: 'event_source.create',
  permission: 'events:write',
  input: createSourceInput,
  prepare: async ({ ctx, input }) => {
    const { customerId } = requireCustomer(ctx);
    if (await sourceOfRequest(ctx, input.request_token)) return { datasets: [] };
    await requireFreePlace(db(), customerId);
    const { companyName } = await readCustomer(customerId);
    return { datasets: await freeDatasets({ name: input.name, companyName }) };
  },
  run: async ({ ctx, tx, input, prepared: { datasets } }): Promise<Change<SourceView>> => {
    const { customerId } = requireCustomer(ctx);
    await lockCustomer(tx, customerId);
    const earlier = await sourceOfRequest(ctx, input.request_token, tx);
    if (earlier) {
      requireSameForm(earlier, input.name);
      return { result: await currentView(tx, ctx, earlier), unchanged: true };
    }
    await requireFreePlace(tx, customerId);
    await requireFreeName(tx, customerId, input.name);
    const dataset = await takeDataset(tx, datasets);
    if (!dataset) throw new AppError('conflict', 'Others took the datasets of this name just now. Try again.');
    const [now, who, sourceId] = [ctx.clock(), actorLabel(ctx.actor), newId('src')];
    const [source] = await tx
      .insert(eventSources)
      .values({
        sourceId,
        customerId,
        sourceName: input.name,
        dataset,
        redactsIp: input.redacts_ip,
        allowedOrigins: input.allowed_origins,
        requestsPerSecond: input.requests_per_second,
        createdAt: now,
        createdBy: who,
        updatedAt: now,
        updatedBy: who,
        requestToken: input.request_token ?? null,
      })
      .returning();
    if (!source) throw new Error('the source was not stored');
    await tx.insert(eventWriteKeys).values({ writeKey: newWriteKey(), sourceId, createdAt: now, createdBy: who });
    const after = await currentView(tx, ctx, source);
    return { result: after, target: { type: 'event_source', id: sourceId }, before: null, after, mirror: [] };
  },
});

/** The columns that the input names and that differ from what is stored. */
function changesOf(source: EventSource, input: z.output<typeof editSourceInput>): Partial<EventSource> {
  const columns: Partial<EventSource> = {
    sourceName: input.name,
    isEnabled: input.is_enabled,
    redactsIp: input.redacts_ip,
    allowedOrigins: input.allowed_origins,
    requestsPerSecond: input.requests_per_second,
  };
  const differs = ([name, value]: [string, unknown]) =>
    value !== undefined && !isDeepStrictEqual(value, source[name as keyof EventSource]);
  return Object.fromEntries(Object.entries(columns).filter(differs));
}

/** Changes what the input names; the dataset stays also under another name. AppError not_found, invalid_input. */
export const editSource = defineCommand({
  name: 'event_source.edit',
  permission: 'events:write',
  input: editSourceInput,
  run: async ({ ctx, tx, input }): Promise<Change<SourceView>> => {
    const { customerId } = requireCustomer(ctx);
    // Names are unique a customer, so who gives one waits for others who do; the customer's row comes before the source's.
    if (input.name !== undefined) await lockCustomer(tx, customerId);
    const source = await lockSource(tx, ctx, input.source_id);
    const before = await currentView(tx, ctx, source);
    const changes = changesOf(source, input);
    if (Object.keys(changes).length === 0) return { result: before, unchanged: true };
    if (changes.sourceName !== undefined) await requireFreeName(tx, customerId, changes.sourceName, source.sourceId);
    const [changed] = await tx
      .update(eventSources)
      .set({ ...changes, updatedAt: ctx.clock(), updatedBy: actorLabel(ctx.actor) })
      .where(eq(eventSources.sourceId, source.sourceId))
      .returning();
    if (!changed) throw new Error('the source went away under its lock');
    return changedSource(before, await currentView(tx, ctx, changed));
  },
  effects: async ({ result }) => forgetSource(result.source_id),
});

/**
 * Ends a source: its keys take nothing from the commit on. Its dataset and tables stay in BigQuery, since they are the
 * customer's, and so does its name in the registry. AppError not_found.
 */
export const deleteSource = defineCommand({
  name: 'event_source.delete',
  permission: 'events:write',
  input: sourceIdInput,
  run: async ({ ctx, tx, input }): Promise<Change<{ source_id: string; dataset: string }>> => {
    const source = await lockSource(tx, ctx, input.source_id);
    const before = await currentView(tx, ctx, source);
    const [now, who] = [ctx.clock(), actorLabel(ctx.actor)];
    const { sourceId, dataset } = source;
    await tx
      .update(eventWriteKeys)
      .set({ revokedAt: now })
      .where(and(eq(eventWriteKeys.sourceId, sourceId), isNull(eventWriteKeys.revokedAt)));
    await tx
      .update(eventSources)
      .set({ deletedAt: now, updatedAt: now, updatedBy: who })
      .where(eq(eventSources.sourceId, sourceId));
    return {
      result: { source_id: sourceId, dataset },
      target: { type: 'event_source', id: sourceId },
      before,
      after: null,
      mirror: [],
    };
  },
  effects: async ({ result }) => forgetSource(result.source_id),
});
