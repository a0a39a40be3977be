/** The agent log as the loader knows it: events and their chain are added, snapshots laid over one another. Source: docs/architecture.md, Agent log. */
import { appendRows } from '@/lib/domains/agent-log/load/append-rows';
import { mergeSnapshots } from '@/lib/domains/agent-log/load/merge-snapshots';
import { logsBigQuery } from '@/lib/warehouse/agent-dataset';
import type { FixedTables } from '@/lib/warehouse/ingest/table-spec';

/** Versions that rise with rows of chat_events, which the view is made of too. */
export const eventVersions: readonly string[] = ['agent.chat_events', 'agent.tool_executions'];

export const agentIngest: FixedTables = {
  log: 'agent-log',
  versionsOf: tableName => (tableName === 'chat_events' ? eventVersions : [`agent.${tableName}`]),
  keyed: tableName => (tableName === 'repo_snapshots' ? mergeSnapshots : appendRows),
  bigquery: logsBigQuery,
};
