/** Events that came too late for a run, or too early, and so changed nothing of it. Source: docs/lineage.md, State. */
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { lateReasons } from '@/lib/domains/lineage/rules';
import { lineageEvents, lineageWords } from '@/lib/domains/lineage/tables';
import { runs } from '@/lib/domains/runs/tables';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { db } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';

const listLateInput = z.strictObject({
  limit: z.int().min(1).max(100).default(100),
  after: z.string().max(400).optional(),
});
const position = z.strictObject({ id: z.int() });

export type LateEvent = {
  eventTime: Date;
  receivedAt: Date;
  eventType: string;
  jobNamespace: string;
  jobName: string;
  /** Why it was not applied, as one sentence. */
  reason: string;
};

const textAt = (...path: string[]) => sql<string>`coalesce(${lineageEvents.event} #>> ${sql.param(path)}::text[], '')`;
const reasonOf = (code: string | null): string =>
  Object.entries(lateReasons).find(([known]) => known === code)?.[1] ?? 'It was not applied.';

/** Late events of the caller's run, the one that arrived last first. Throws AppError not_found, invalid_cursor. */
export const listLateEvents = defineOperation({
  name: 'lineage.list_late',
  permission: 'runs:read',
  input: listLateInput,
  run: async (
    { customerId }: CustomerCtx,
    { limit, after }: z.output<typeof listLateInput>,
    runId: string,
  ): Promise<{ events: LateEvent[]; next: string | null }> => {
    const own = and(eq(runs.pipelineLoggingId, runId), eq(runs.customerId, customerId));
    const [run] = await db().select({ id: runs.pipelineLoggingId }).from(runs).where(own);
    if (!run) throw new AppError('not_found', 'There is no run with this id.');
    const found = await db()
      .select({
        id: lineageEvents.eventId,
        eventTime: lineageEvents.eventTime,
        receivedAt: lineageEvents.receivedAt,
        eventType: textAt('eventType'),
        jobNamespace: textAt('job', 'namespace'),
        jobName: textAt('job', 'name'),
        code: lineageEvents.lateReason,
      })
      .from(lineageEvents)
      .where(
        and(
          eq(lineageEvents.customerId, customerId),
          eq(lineageEvents.pipelineLoggingId, runId),
          eq(lineageEvents.status, lineageWords.skipped),
          after === undefined ? undefined : lt(lineageEvents.eventId, decodeCursor(position, after).id),
        ),
      )
      .orderBy(desc(lineageEvents.eventId))
      .limit(limit + 1);
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return {
      events: rows.map(({ id: _id, code, ...event }) => ({ ...event, reason: reasonOf(code) })),
      next: last ? encodeCursor({ id: last.id }) : null,
    };
  },
});
