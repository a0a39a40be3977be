/** Rows of the agent dataset. Generated from schemas/ by `npm run generate`; change the JSON files, not this one. */
import { type Row, rowSchema, type TableShape } from '@/lib/warehouse/schemas/table-shape';

export const tables = {
  chat_event_chain: {
    dataset: 'agent',
    table: 'chat_event_chain',
    primaryKey: ['sequence'],
    partition: { field: 'recorded_at', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      sequence: { type: 'INT64', mode: 'REQUIRED' },
      recorded_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      kind: { type: 'STRING', mode: 'REQUIRED' },
      event_id: { type: 'STRING', mode: 'NULLABLE' },
      event_timestamp: { type: 'TIMESTAMP', mode: 'NULLABLE' },
      user_ref: { type: 'STRING', mode: 'REQUIRED' },
      content_hash: { type: 'STRING', mode: 'REQUIRED' },
      previous_hash: { type: 'STRING', mode: 'REQUIRED' },
      chain_hash: { type: 'STRING', mode: 'REQUIRED' },
    },
  },
  chat_events: {
    dataset: 'agent',
    table: 'chat_events',
    primaryKey: ['event_id'],
    partition: { field: 'event_timestamp', type: 'TIMESTAMP' },
    requirePartitionFilter: false,
    columns: {
      event_id: { type: 'STRING', mode: 'REQUIRED' },
      event_timestamp: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      session_id: { type: 'STRING', mode: 'REQUIRED' },
      user_id: { type: 'STRING', mode: 'REQUIRED' },
      event_type: { type: 'STRING', mode: 'REQUIRED' },
      content: { type: 'JSON', mode: 'NULLABLE' },
      metadata: { type: 'JSON', mode: 'NULLABLE' },
      client_info: { type: 'JSON', mode: 'NULLABLE' },
    },
  },
  repo_snapshots: {
    dataset: 'agent',
    table: 'repo_snapshots',
    primaryKey: ['repo_url', 'commit_hash'],
    partition: null,
    requirePartitionFilter: false,
    columns: {
      commit_hash: { type: 'STRING', mode: 'REQUIRED' },
      repo_url: { type: 'STRING', mode: 'REQUIRED' },
      indexed_at: { type: 'TIMESTAMP', mode: 'REQUIRED' },
      file_count: { type: 'INT64', mode: 'NULLABLE' },
      total_tokens: { type: 'INT64', mode: 'NULLABLE' },
      vector_index_path: { type: 'STRING', mode: 'NULLABLE' },
    },
  },
} as const satisfies Record<string, TableShape>;

/** One row per row of chat_events and per erasure, in the order in which they were recorded, each with the hash of the one before, so that a changed, dropped or moved row is found. */
export const chatEventChainRow = rowSchema(tables.chat_event_chain);
export type ChatEventChainRow = Row<typeof tables.chat_event_chain>;

/** Append-only log of what agents said, ran and failed at, exactly the columns of the document of the agent log. */
export const chatEventsRow = rowSchema(tables.chat_events);
export type ChatEventsRow = Row<typeof tables.chat_events>;

/** States of repositories that were indexed for agents, exactly the columns of the document of the agent log. */
export const repoSnapshotsRow = rowSchema(tables.repo_snapshots);
export type RepoSnapshotsRow = Row<typeof tables.repo_snapshots>;
