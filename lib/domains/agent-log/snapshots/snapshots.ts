/** States of repositories that were indexed for agents, and who worked on them. Source: docs/spec/requirements.md, A-16. */
import { z } from 'zod';
import { snapshotInput } from '@/lib/domains/agent-log/input';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import {
  agentsWrite,
  bindText,
  bindTimes,
  dayParams,
  endOfTimeMs,
  type LogDays,
  logDayFields,
  logDays,
  nameField,
} from '@/lib/domains/agent-log/tools/log-days';
import type { Ctx } from '@/lib/kernel/ctx';
import { decodeCursor, encodeCursor } from '@/lib/kernel/paging';
import { storableText } from '@/lib/kernel/storable';
import { type CsvColumns, csvPageRows, pagedCsv } from '@/lib/platform/csv';
import { defineQuery } from '@/lib/warehouse/query/define-query';
import type { RowsAge } from '@/lib/warehouse/query/rows-age';

export const listSnapshotsInput = z.strictObject({
  /** Part of the repository's address, or the beginning of a commit. */
  q: nameField,
  /** Days of the use that is counted; snapshots of all days are listed. */
  ...logDayFields,
  after: z.string().max(800).optional(),
  limit: z.coerce.number().int().min(1).max(csvPageRows).default(50),
});
export type ListSnapshotsInput = z.output<typeof listSnapshotsInput>;

const positionInput = z.tuple([
  z.int().max(endOfTimeMs),
  snapshotInput.shape.commit_hash,
  storableText(agentSizes.idSigns),
]);

const snapshotRow = z.strictObject({
  repo_url: z.string(),
  commit_hash: z.string(),
  indexed_at: z.date(),
  indexed_ms: z.int(),
  file_count: z.int().nullable(),
  total_tokens: z.int().nullable(),
  vector_index_path: z.string().nullable(),
  sessions: z.int(),
  tool_calls: z.int(),
  last_used_at: z.date().nullable(),
});
export type ListedSnapshot = z.output<typeof snapshotRow>;

const snapshotRows = defineQuery({
  name: 'agent_snapshot.list',
  permission: 'agent-log:read',
  sql: 'agent-log/list-snapshots.sql',
  withoutOverlay: agentsWrite,
  params: listSnapshotsInput.omit({ days: true }).extend(dayParams),
  pageSize: ({ limit }) => limit,
  bind: ({ q, after, from, to }) => {
    const [ms, commit, repo] = after === undefined ? [endOfTimeMs, '', ''] : decodeCursor(positionInput, after);
    return {
      ...bindTimes({ from, to }),
      search: bindText(q),
      after_ms: { type: 'INT64', value: ms },
      after_commit: { type: 'STRING', value: commit },
      after_repo: { type: 'STRING', value: repo },
    };
  },
  row: snapshotRow,
});

export type SnapshotPage = RowsAge & { days: LogDays; snapshots: ListedSnapshot[]; nextCursor: string | null };

/** One page of the snapshots, the newest first. AppError forbidden, invalid_cursor, warehouse_unavailable. */
export async function listSnapshots(ctx: Ctx, { days: length, ...asked }: ListSnapshotsInput): Promise<SnapshotPage> {
  const days = logDays(ctx, { ...asked, days: length });
  const { rows, more, state, readAt, pendingSince } = await snapshotRows(ctx, { ...asked, ...days });
  const last = rows.at(-1);
  const nextCursor = more && last ? encodeCursor([last.indexed_ms, last.commit_hash, last.repo_url]) : null;
  return { state, readAt, pendingSince, days, snapshots: rows, nextCursor };
}

const csvColumns: CsvColumns<ListedSnapshot> = {
  repo_url: snapshot => snapshot.repo_url,
  commit_hash: snapshot => snapshot.commit_hash,
  indexed_at: snapshot => snapshot.indexed_at,
  file_count: snapshot => snapshot.file_count,
  total_tokens: snapshot => snapshot.total_tokens,
  vector_index_path: snapshot => snapshot.vector_index_path,
  sessions: snapshot => snapshot.sessions,
  tool_calls: snapshot => snapshot.tool_calls,
  last_used_at: snapshot => snapshot.last_used_at,
};

/** All snapshots that the filter matches as CSV, at most 100,000, a head line first. Throws as listSnapshots. */
export const snapshotsCsv = (ctx: Ctx, asked: ListSnapshotsInput): AsyncGenerator<string> =>
  pagedCsv(csvColumns, async page => {
    const { snapshots, nextCursor } = await listSnapshots(ctx, { ...asked, ...page });
    return { rows: snapshots, nextCursor };
  });
