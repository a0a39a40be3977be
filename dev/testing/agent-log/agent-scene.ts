/** A data plane for agents that send what they do, and what BigQuery holds of it once the worker had its turn. */
import { listen } from '@/dev/testing/agent-log/mcp-http';
import { askAgentLog, dropAgentLogs, loadAgentLogs } from '@/dev/testing/agent-log/record';
import { customerKey } from '@/dev/testing/data-plane';
import { createWorld, type World } from '@/dev/testing/world';
import { agentConsumer } from '@/lib/domains/agent-log/process/agent-consumer';
import { type ListedSession, listSessions, listSessionsInput } from '@/lib/domains/agent-log/sessions/list-sessions';
import { listener } from '@/lib/edge/v1/node-server';
import { consumeOnce } from '@/lib/warehouse/ingest/spool/consume';

export type AgentScene = {
  world: World;
  /** Address of the data plane. */
  url: string;
  key: string;
  /** Brings what was sent to BigQuery, as the worker does. */
  settle: () => Promise<void>;
  /** As its people see them, the last active first. */
  sessions: () => Promise<ListedSession[]>;
  /** Rows of a statement over `agent.<table>`. */
  rows: (sql: string) => Promise<Record<string, unknown>[]>;
  close: () => Promise<void>;
};

/** A customer whose agents send to a data plane on this machine. */
export async function openAgentScene(): Promise<AgentScene> {
  const world = await createWorld();
  const key = (await customerKey(world)).text;
  const { url, close } = await listen(listener);
  return {
    world,
    url,
    key,
    settle: async () => {
      while ((await consumeOnce(agentConsumer)).entries > 0);
      const { failures } = await loadAgentLogs([world]);
      if (failures.length > 0) throw failures[0]?.error;
    },
    sessions: async () => (await listSessions(world.as('VIEWER'), listSessionsInput.parse({}))).sessions,
    rows: sql => askAgentLog(world, sql),
    close: async () => {
      await close();
      await dropAgentLogs([world]);
    },
  };
}
