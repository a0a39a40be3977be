/** A key's query in the agent log: the start and the end of a tool, with the bytes it billed. Source: docs/desk.md, What is kept. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { recordEvents } from '@/lib/domains/agent-log/collect/take-items';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import { keyOfAsker } from '@/lib/domains/desk/run/asker';
import type { DeskQuery } from '@/lib/domains/desk/tables';
import { apiKeys } from '@/lib/domains/keys/tables';
import { storableStart } from '@/lib/kernel/storable';
import { utcDay } from '@/lib/platform/clock';
import { db } from '@/lib/platform/db';
import { log } from '@/lib/platform/log';
import { ingestLog } from '@/lib/warehouse/ingest/log/ingest-log';

/** The tool's name, as agents know it. */
const toolName = 'run_query';

/** A UUID of version 4 that is the same each time, so that an event that is appended twice is recorded once. */
function eventId(queryId: string, part: 'start' | 'end'): string {
  const hex = createHash('sha256').update(`${queryId} ${part}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** The key by the name that people gave it, as long as an id may be. */
async function userOf(apiKeyId: string): Promise<string> {
  const [key] = await db().select({ name: apiKeys.keyName }).from(apiKeys).where(eq(apiKeys.apiKeyId, apiKeyId));
  return `key:${key?.name ?? apiKeyId}`.slice(0, agentSizes.idSigns).toWellFormed();
}

function eventsOf(query: DeskQuery, endedAt: Date, common: { session_id: string; user_id: string }) {
  const call = { execution_id: query.queryId, tool_name: toolName };
  const failed = query.status !== 'COMPLETED';
  const start = {
    ...common,
    event_id: eventId(query.queryId, 'start'),
    event_timestamp: query.startedAt.toISOString(),
    event_type: 'tool_start',
    // Not its text: everybody of the organization reads the log, and it is kept for a year.
    content: null,
    metadata: { ...call, tables: query.tables, asked_via: query.askedVia },
  };
  const end = {
    ...common,
    event_id: eventId(query.queryId, 'end'),
    event_timestamp: endedAt.toISOString(),
    event_type: 'tool_end',
    content: failed ? null : { total_rows: query.totalRows },
    metadata: {
      ...call,
      status: failed ? 'failure' : 'success',
      error_message: query.errorMessage,
      bytes_billed: query.bytesBilled,
      latency_ms: Math.max(0, endedAt.getTime() - query.startedAt.getTime()),
    },
  };
  return [start, end];
}

/** The session that the agent named, as the log can keep it; null where nothing of it is left. */
function ownSession(session: string | undefined): string | null {
  const kept = storableStart((session ?? '').trim(), agentSizes.idSigns).trim();
  return kept === '' ? null : kept;
}

async function append(query: DeskQuery, apiKeyId: string, session: string | null): Promise<void> {
  const endedAt = query.endedAt ?? query.startedAt;
  const common = {
    session_id: session ?? `desk-${apiKeyId}-${utcDay(query.startedAt)}`,
    user_id: await userOf(apiKeyId),
  };
  const items = eventsOf(query, endedAt, common).map(value => ({ value }));
  const actor = { type: 'api_key', id: apiKeyId, name: common.user_id, scopes: [] } as const;
  await recordEvents(
    { customerId: query.customerId, actor, clock: () => endedAt },
    { items, append: ingestLog('agent-log').append },
  );
}

/**
 * Records the query where a key asked it; `session` is what the agent named, in whatever form, else one a key and UTC day. Tried
 * twice, the second time without the agent's session, and never fails the query: what could not be recorded is logged.
 */
export async function recordQuery(query: DeskQuery, session?: string): Promise<void> {
  const apiKeyId = keyOfAsker(query.askedBy);
  if (apiKeyId === null) return;
  try {
    await append(query, apiKeyId, ownSession(session)).catch(() => append(query, apiKeyId, null));
  } catch (error) {
    log().error({ err: error, customer: query.customerId, query_id: query.queryId }, 'a query is not in the agent log');
  }
}
