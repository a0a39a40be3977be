/** Believable events of a customer's agents: people ask, agents call tools and answer, on weekdays more than at weekends. Pure. */
import { type DemoTool, demoTools, rareTool } from '@/dev/seed/agent-log/agent-tools';
import type { Random } from '@/dev/seed/random';
import type { JsonValue } from '@/lib/domains/agent-log/events';
import type { EventType } from '@/lib/domains/agent-log/rules';

export type DemoAgents = { users: readonly string[]; repositories: readonly string[]; sessionsADay: number };
type Options = DemoAgents & { random: Random; now: Date; days: number };

const dayMs = 86_400_000;
const questions = [
  'Why did revenue drop last week?',
  'Which customers ordered twice in October?',
  'Fix the rounding of totals in the checkout.',
  'Is the dashboard of ad costs right?',
  'Write a test for the discount of bundles.',
  'How many shipments were late this month?',
];
const answers = [
  'Revenue fell by 4 % because the spring campaign ended; orders a day are level.',
  'The total was rounded line by line. I round once, at the end, and the tests pass.',
  '212 customers ordered twice. The query is above.',
  'Ad costs of two days were loaded twice; I opened a ticket.',
];
const weighted = demoTools.flatMap(tool => Array.from({ length: tool.weight }, () => tool));

export type DemoSnapshot = {
  repo_url: string;
  commit_hash: string;
  indexed_at: string;
  file_count: number;
  total_tokens: number;
  vector_index_path: string;
};
export type DemoEvent = {
  event_id: string;
  event_timestamp: string;
  session_id: string;
  user_id: string;
  event_type: EventType;
  content?: JsonValue;
  metadata?: { [name: string]: JsonValue };
  client_info?: { [name: string]: JsonValue };
};

/** A snapshot of each repository a week. */
export function agentSnapshots({ random, now, days, repositories }: Options): DemoSnapshot[] {
  return repositories.flatMap(slug =>
    Array.from({ length: Math.ceil(days / 7) }, (_, week) => {
      const commit_hash = Array.from({ length: 40 }, () => random.between(0, 15).toString(16)).join('');
      const files = 840 - week * random.between(2, 9);
      return {
        repo_url: `https://github.com/${slug}`,
        commit_hash,
        indexed_at: new Date(now.getTime() - week * 7 * dayMs - random.between(1, 20) * 3_600_000).toISOString(),
        file_count: files,
        total_tokens: files * random.between(900, 1_100),
        vector_index_path: `gs://agent-indexes/${slug}/${commit_hash.slice(0, 12)}`,
      };
    }),
  );
}

/** Gathers the events of one session, one after the other in time. */
class SessionWriter {
  readonly events: DemoEvent[] = [];
  readonly #random: Random;
  readonly #ids: { session_id: string; user_id: string };
  readonly #snapshot: { repo_url: string; commit_hash: string } | Record<string, never>;
  atMs: number;

  constructor(random: Random, user: string, snapshot: DemoSnapshot | undefined, atMs: number) {
    this.#random = random;
    this.#ids = { session_id: `chat-${random.uuid().slice(0, 13)}`, user_id: user };
    this.#snapshot = snapshot ? { repo_url: snapshot.repo_url, commit_hash: snapshot.commit_hash } : {};
    this.atMs = atMs;
  }

  add(event_type: EventType, more: Pick<DemoEvent, 'content' | 'metadata' | 'client_info'>): void {
    const event_timestamp = new Date(this.atMs).toISOString();
    this.events.push({ event_id: this.#random.uuid(), event_timestamp, ...this.#ids, event_type, ...more });
  }

  ask(): void {
    const client_info = {
      user_agent: 'analyst-agent/2.3',
      locale: this.#random.pick(['en-US', 'de-DE']),
      ip: '198.51.100.17',
    };
    this.add('message_sent', {
      content: { role: 'user', text: this.#random.pick(questions) },
      metadata: this.#snapshot,
      client_info,
    });
    this.atMs += this.#random.between(900, 4_000);
  }

  answer(): void {
    const [tokens_in, tokens_out] = [this.#random.between(900, 9_000), this.#random.between(60, 900)];
    const cost_usd = Math.round(tokens_in * 3 + tokens_out * 15) / 1_000_000;
    const metadata = {
      model: 'claude-3-5-sonnet',
      tokens_in,
      tokens_out,
      cost_usd,
      latency_ms: this.#random.between(900, 6_000),
      ...this.#snapshot,
    };
    this.add('message_sent', { content: { role: 'assistant', text: this.#random.pick(answers) }, metadata });
    this.atMs += this.#random.between(4_000, 60_000);
  }

  call(tool: DemoTool, reported: 'both' | 'start' | 'end' = 'both'): void {
    const metadata = {
      execution_id: `call-${this.#random.uuid().slice(0, 8)}`,
      tool_name: tool.name,
      ...this.#snapshot,
    };
    if (reported !== 'end')
      this.add('tool_start', { content: { arguments: tool.arguments(this.#random) as JsonValue }, metadata });
    const [fastest, slowest] = tool.ms;
    // Most calls are nearer to the fastest one.
    const latency_ms = Math.round(fastest + (slowest - fastest) * this.#random.next() ** 3);
    this.atMs += latency_ms;
    if (reported !== 'start') this.add('tool_end', { metadata: { ...metadata, latency_ms, ...this.#ending(tool) } });
    this.atMs += this.#random.between(200, 2_500);
  }

  #ending({ failure, errors, megabytes }: DemoTool): { [name: string]: JsonValue } {
    if (this.#random.chance(failure)) return this.#failed(errors);
    if (!megabytes) return { status: 'success' };
    const [least, most] = megabytes;
    return { status: 'success', bytes_billed: this.#random.between(least, most) * 1_048_576 };
  }

  #failed(errors: DemoTool['errors']): { [name: string]: JsonValue } {
    return { status: 'failure', error_message: this.#random.pick(errors)(this.#random) };
  }

  fail(): void {
    const error_message = `The model is overloaded, request ${this.#random.uuid()}`;
    this.add('error', { metadata: { error_message, model: 'claude-3-5-sonnet' } });
    this.atMs += 2_000;
  }
}

function session(options: Options, snapshots: readonly DemoSnapshot[], atMs: number): DemoEvent[] {
  const { random, users } = options;
  // The newest of each repository, as far as there are any.
  const before = snapshots
    .filter(({ indexed_at }) => Date.parse(indexed_at) < atMs)
    .sort((one, other) => Date.parse(other.indexed_at) - Date.parse(one.indexed_at))
    .slice(0, options.repositories.length);
  const writer = new SessionWriter(
    random,
    random.pick(users),
    before.length > 0 ? random.pick(before) : undefined,
    atMs,
  );
  for (let turn = random.between(1, 3); turn > 0; turn--) {
    writer.ask();
    if (random.chance(0.03)) writer.fail();
    for (let calls = random.between(1, 5); calls > 0; calls--)
      writer.call(random.chance(0.006) ? rareTool : random.pick(weighted));
    writer.answer();
  }
  return writer.events;
}

/** A session of now whose last call runs, one that lost the start of a call, and one of days ago that never told an end. */
function oddSessions({ random, users, now }: Options): DemoEvent[] {
  const [runs, lost, silent] = [4 * 60_000, 5 * 3_600_000, 6 * dayMs].map(agoMs => {
    const writer = new SessionWriter(random, users[0] ?? 'agent', undefined, now.getTime() - agoMs);
    writer.ask();
    return writer;
  });
  const [tests, query] = [demoTools[4], demoTools[1]];
  if (tests) runs?.call(tests, 'start');
  if (query) lost?.call(query, 'end');
  lost?.answer();
  if (tests) silent?.call(tests, 'start');
  return [runs, lost, silent].flatMap(writer => writer?.events ?? []);
}

/** Events of the last `days` days in the order of time, none of them after `now`. */
export function agentEvents(options: Options, snapshots: readonly DemoSnapshot[]): DemoEvent[] {
  const { random, now, days, sessionsADay } = options;
  const events: DemoEvent[] = [];
  for (let daysAgo = days - 1; daysAgo >= 0; daysAgo--) {
    const start = Math.floor(now.getTime() / dayMs) * dayMs - daysAgo * dayMs;
    const isWeekend = [0, 6].includes(new Date(start).getUTCDay());
    const count = random.between(Math.ceil(sessionsADay / 2), sessionsADay) * (isWeekend ? 0.3 : 1);
    for (let index = 0; index < count; index++)
      events.push(...session(options, snapshots, start + random.between(7 * 3_600, 18 * 3_600) * 1_000));
  }
  return [
    ...events.filter(event => Date.parse(event.event_timestamp) < now.getTime() - 10 * 60_000),
    ...oddSessions(options),
  ].sort((one, other) => Date.parse(one.event_timestamp) - Date.parse(other.event_timestamp));
}
