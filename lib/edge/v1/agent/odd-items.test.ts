/** Odd values, bodies and queries: no answer is a 5xx, what is refused is named alone, and what was taken can be read again. */
import { beforeAll, expect, test } from 'vitest';
import { keptAgentLog } from '@/dev/testing/agent-log/kept';
import { caller, customerKey } from '@/dev/testing/data-plane';
import { queries, raws, values } from '@/dev/testing/odd-input';
import { createWorld, type World } from '@/dev/testing/world';
import { agentProblems } from '@/lib/domains/agent-log/rules';
import { app } from '@/lib/edge/v1/app';
import { newUuid } from '@/lib/platform/ids';

const call = caller(async (input, init) => app.fetch(new Request(input as string, init)));
const json = { 'content-type': 'application/json' };
let world: World;
let key: string;
beforeAll(async () => {
  world = await createWorld();
  key = (await customerKey(world)).text;
});

const event = () => ({
  event_id: newUuid(),
  event_timestamp: new Date().toISOString(),
  session_id: 's',
  user_id: 'u',
  event_type: 'tool_end',
  content: null,
  metadata: { execution_id: 'x', tool_name: 't', status: 'success' },
  client_info: {},
});
const snapshot = () => ({ repo_url: 'r', commit_hash: 'a'.repeat(40), indexed_at: new Date().toISOString() });
const kinds = [
  { path: '/v1/agent/events', sound: event, fields: Object.keys(event()) },
  { path: '/v1/agent/snapshots', sound: snapshot, fields: [...Object.keys(snapshot()), 'file_count', 'total_tokens'] },
];
const ofMetadata = ['execution_id', 'tool_name', 'status', 'error_message', 'bytes_billed', 'latency_ms', 'own'];

/** The item with a JSON text in the place of a field's value. */
function withValue(item: object, field: string, value: string): string {
  const [outer, inner] = field.split('.') as [string, string?];
  const odd = inner ? { ...(item as never as Record<string, object>)[outer], [inner]: '<odd>' } : '<odd>';
  return JSON.stringify({ ...item, [outer]: odd }).replace('"<odd>"', () => value);
}

type Refused = { index: number; code: string; field: string; message: string };

test.each(kinds)(
  '$path: each field with each odd value',
  async ({ path, sound, fields }) => {
    const all = [...fields, 'unknown', ...(path.endsWith('events') ? ofMetadata.map(name => `metadata.${name}`) : [])];
    for (const field of all) {
      const lines = [...values, 'NaN'].flatMap(value => [JSON.stringify(sound()), withValue(sound(), field, value)]);
      const answer = await call(path, { method: 'POST', key, body: lines.join('\n'), headers: json });
      expect(answer.status, `${field} ${answer.text.slice(0, 300)}`).toBe(200);
      const { accepted, refused, refused_count } = answer.json as {
        accepted: number;
        refused: Refused[];
        refused_count: number;
      };
      expect([accepted + refused_count, refused.length]).toEqual([lines.length, refused_count]);
      for (const { index, code, message } of refused) {
        expect(index % 2, `${code} of ${lines[index]?.slice(0, 200)}`).toBe(1);
        expect(agentProblems).toHaveProperty(code, message);
      }
    }
  },
  60_000,
);

test('bodies that are wrong as a whole, and queries, are refused with a problem', async () => {
  for (const { path } of kinds) {
    for (const [sentence, type, body] of raws) {
      const headers: Record<string, string> = type ? { 'content-type': type } : {};
      const answer = await call(path, { method: 'POST', key, body, headers });
      expect([400, 415], `${sentence} ${answer.text.slice(0, 300)}`).toContain(answer.status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
    for (const query of queries) {
      const answer = await call(`${path}?${query}`, { method: 'POST', key, json: [] });
      expect([200, 400, 404], `${query} ${answer.text.slice(0, 300)}`).toContain(answer.status);
    }
  }
});

test('a wide, a deep and a repeated one among others are held to the same', async () => {
  const text = JSON.stringify(event());
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index])));
  const deep = `${'{"a":'.repeat(4_000)}1${'}'.repeat(4_000)}`;
  const lines = [
    withValue(event(), 'content', wide),
    withValue(event(), 'content', deep),
    withValue(event(), 'metadata.own', wide),
    `${text.slice(0, -1)},"user_id":7}`,
    JSON.stringify({ ...event(), ...JSON.parse(wide) }),
    'null',
    '[[]]',
  ];
  const answer = await call('/v1/agent/events', { method: 'POST', key, body: lines.join('\n'), headers: json });
  expect((answer.json.refused as Refused[]).map(({ index, code }) => [index, code])).toEqual([
    [1, 'too_deep'],
    [2, 'too_large'],
    [3, 'wrong_type'],
    [4, 'unknown_field'],
    [5, 'not_an_object'],
    [6, 'not_an_object'],
  ]);
});

test('what was taken of it is rows that every reader can parse', async () => {
  const { rows } = await keptAgentLog(world.customerId);
  expect(rows.length).toBeGreaterThan(500);
  for (const row of rows) expect(JSON.stringify(row).isWellFormed()).toBe(true);
});
