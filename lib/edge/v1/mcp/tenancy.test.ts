/** A stranger’s key sees nothing of a victim who has one of everything, whichever tool it calls and whatever it names. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerKey, transports } from '@/dev/testing/data-plane';
import { type McpDoor, mcpDoor } from '@/dev/testing/mcp/calls';
import { createWorld } from '@/dev/testing/world';
import { mcpTools } from '@/lib/edge/v1/mcp/tools';
import { createVictim, leaks, type Victim } from '@/lib/laws/tenancy/victim';

let door: McpDoor;
let victim: Victim;
let [own, stranger] = ['', ''];
/** A query that the victim's key ran. */
let askedId = '';
beforeAll(async () => {
  const [transport] = transports;
  if (!transport) throw new Error('the data plane has no transport');
  [door, victim] = await Promise.all([mcpDoor(transport), createVictim()]);
  own = (await customerKey(victim.world)).text;
  stranger = (await customerKey(await createWorld({ plan: 'SCALE' }))).text;
  const asked = await door.call('run_query', { sql: 'SELECT pipeline_id, error_message FROM pipeline_runs' }, own);
  askedId = String(asked.data.query_id);
});
afterAll(() => door.close());

/** Sound arguments of each tool that name what is the victim’s; a tool that is not here fails the walk. */
const samples: Record<string, (victim: Victim) => object[]> = {
  failed_runs: ({ marks: [tag] }) => [{}, { pipeline: `pipeline-${tag}` }],
  run: ({ endedId, runningId }) => [{ pipeline_logging_id: endedId }, { pipeline_logging_id: runningId }],
  quota: () => [{}],
  usage: () => [{}],
  most_used_tools: () => [{ days: 90 }],
  slowest_tools: () => [{ days: 90 }],
  ai_cost: ({ developerId, marks: [tag] }) => [
    ...['model', 'developer', 'repository', 'day'].map(by => ({ by, days: 90 })),
    { developer: developerId },
    { model: `model-${tag}` },
  ],
  describe_tables: ({ eventTable }) => [{}, { group: 'events' }, { name: eventTable }, { column: 'id' }],
  run_query: ({ world, eventTable }) => [
    { sql: 'SELECT pipeline_id, error_message FROM pipeline_runs' },
    { sql: 'SELECT session_id, developer_id, model FROM sessions' },
    { sql: 'SELECT session_id, user_id, content FROM chat_events' },
    { sql: `SELECT 1 FROM \`${world.tenantDatasetId}.pipeline_runs\`` },
    { sql: `SELECT 1 FROM ${world.tenantDatasetId}_desk.pipeline_runs` },
    { sql: `SELECT 1 FROM ${eventTable}` },
  ],
  query_rows: ({ queryId }) => [{ query_id: askedId }, { query_id: askedId, offset: 1 }, { query_id: queryId }],
};

/** Tools whose answer to the victim itself names something of it: that the walk would find it elsewhere. */
const telling = [
  'failed_runs',
  'run',
  'quota',
  'most_used_tools',
  'slowest_tools',
  'ai_cost',
  'run_query',
  'query_rows',
];

test.each(mcpTools.map(({ name }) => name))('%s', async name => {
  const found: string[] = [];
  for (const args of samples[name]?.(victim) ?? [undefined as never]) {
    const answer = JSON.stringify(await door.ask('tools/call', { name, arguments: args }, stranger));
    // A name that it sent itself may be said back to it.
    const asked = JSON.stringify(args);
    expect(
      leaks(victim, answer).filter(mark => !asked.includes(mark)),
      asked,
    ).toEqual([]);
    found.push(...leaks(victim, await door.ask('tools/call', { name, arguments: args }, own)));
  }
  if (telling.includes(name)) expect(found.length).toBeGreaterThan(0);
});
