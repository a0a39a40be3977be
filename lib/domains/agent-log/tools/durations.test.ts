/** How long a call took: what its sender measured, else from its start to its end; two clocks make no negative time. */
import { afterAll, expect, test } from 'vitest';
import { askAgentLog, chatEvent, dropAgentLogs, recordAndLoad } from '@/dev/testing/agent-log/record';
import { createWorld } from '@/dev/testing/world';
import { instantText } from '@/lib/domains/agent-log/chain/times';
import { listTools, listToolsInput } from '@/lib/domains/agent-log/tools/tools';

const startMs = Date.now() - 3_600_000;
const call = (tool_name: string, lengthMs: number, end: object = {}) =>
  (['tool_start', 'tool_end'] as const).map(event_type =>
    chatEvent({
      ...{ session_id: tool_name, event_type },
      event_timestamp: instantText(new Date(event_type === 'tool_end' ? startMs + lengthMs : startMs)),
      metadata: { execution_id: 'call_1', tool_name, ...(event_type === 'tool_end' && { status: 'success', ...end }) },
    }),
  );

const world = await createWorld();
afterAll(() => dropAgentLogs([world]));

test('a call took what its sender measured, else from start to end, and no time where it ended before it began', async () => {
  await recordAndLoad(world, [
    ...call('by its events', 2_000),
    ...call('measured', 2_000, { latency_ms: 17.6 }),
    ...call('two clocks', -5_000),
    ...call('two clocks, measured', -5_000, { latency_ms: 40 }),
  ]);
  const took = [
    ['by its events', 2_000],
    ['measured', 18],
    ['two clocks', null],
    ['two clocks, measured', 40],
  ];
  const { tools } = await listTools(world.as('VIEWER'), listToolsInput.parse({ days: 7 }));
  expect(tools.map(({ tool_name, p50_ms }) => [tool_name, p50_ms]).sort()).toEqual(took);
  const rows = await askAgentLog(world, 'SELECT tool_name, duration_ms FROM agent.tool_executions ORDER BY tool_name');
  expect(rows.map(row => [row.tool_name, row.duration_ms])).toEqual(took);
});
