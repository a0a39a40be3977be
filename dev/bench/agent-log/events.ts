/** Events of agents to measure with: sessions of 20, of questions, calls of tools and their failures. */
import { seededRandom } from '@/dev/seed/random';
import type { ChatEvent, JsonObject } from '@/lib/domains/agent-log/events';
import { newUuid } from '@/lib/platform/ids';

export const eventsOfSession = 20;
const calls = 8;
const users = 200;
const tools = Array.from({ length: 25 }, (_, index) => `bq_tool_${index}`);
const failures = ['Not found: Table', 'Access Denied: Project', 'Quota exceeded at', 'Syntax error at line'];

/** A state of one of 40 repositories that sessions worked on. */
export const snapshotOf = (number: number) => ({
  repo_url: `https://github.com/acme/repository-${number % 40}`,
  commit_hash: (number % 400).toString(16).padStart(40, '0'),
});

/** The events of that session, which began then; for the same number they are the same but for their ids. */
export function sessionEvents(number: number, startedMs: number): ChatEvent[] {
  const random = seededRandom(number + 1);
  const events: ChatEvent[] = [];
  let atMs = startedMs;
  const add = (event_type: ChatEvent['event_type'], metadata: JsonObject | null, content: ChatEvent['content']) => {
    events.push({
      event_id: newUuid(),
      event_timestamp: new Date(atMs).toISOString(),
      session_id: `session-${number}`,
      user_id: `user-${number % users}@example.com`,
      event_type,
      content,
      metadata,
      client_info: { user_agent: 'agent/1.4', locale: 'en-US' },
    });
    atMs += random.between(200, 4_000);
  };
  const spent = () => ({
    ...{ model: 'gpt-4o', tokens_in: random.between(200, 9_000), tokens_out: random.between(20, 900) },
    ...{ cost_usd: random.between(1, 400) / 10_000, latency_ms: random.between(300, 9_000) },
  });
  add(
    'message_sent',
    { ...spent(), ...snapshotOf(number) },
    { text: `Question ${number}: how did revenue of shop ${number % 90} develop, and why?` },
  );
  for (let call = 0; call < calls; call++) {
    const of = { execution_id: newUuid(), tool_name: random.pick(tools) };
    add('tool_start', of, {
      sql: `SELECT day, SUM(revenue) FROM shop.orders WHERE shop = ${number % 90} GROUP BY day`,
    });
    const error_message = random.next() < 0.06 ? `${random.pick(failures)} ${random.between(1, 9_999)}` : null;
    const ended: JsonObject = error_message ? { status: 'failure', error_message } : { status: 'success' };
    add('tool_end', { ...of, ...ended, bytes_billed: random.between(10, 900) * 1_048_576 }, null);
  }
  const isBroken = random.next() < 0.05;
  add(isBroken ? 'error' : 'message_sent', isBroken ? { error_message: 'The model is overloaded' } : spent(), {
    text: `Answer ${number}.`,
  });
  while (events.length < eventsOfSession) add('message_sent', spent(), { text: 'And the year before?' });
  return events;
}
