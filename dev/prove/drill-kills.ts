/** Drill 1: processes killed in the middle of key changes; nothing answered is lost, and BigQuery ends up equal row for row. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cli,
  type DemoProcess,
  leftBehind,
  type Part,
  recorded,
  signalPart,
  startedDemo,
} from '@/dev/prove/demo-process';
import { type Answer, ask, call, count, type Drilled, drilled } from '@/dev/prove/drill-client';
import { check, say } from '@/dev/prove/report';

const changes = 1_000;
const connections = 8;
const drainLimitMs = 120_000;

type Known = { id: string; name: string; active: boolean };
type Sent = { answered: number; unanswered: number; refused: string[] };

/** Sends key changes one after another over several connections, and waits where the portal is away. */
class Changes {
  /** Keys as the last answer told; a key whose change was not answered is taken out, as its state is not known. */
  readonly known: Known[] = [];
  readonly sent: Sent = { answered: 0, unanswered: 0, refused: [] };
  #begun = 0;
  #number = 0;
  #open = Promise.withResolvers<void>();

  constructor(
    readonly subject: Drilled,
    readonly round: number,
  ) {
    this.#open.resolve();
  }

  get begun(): number {
    return this.#begun;
  }

  /** Callers wait until `resume`. */
  pause(): void {
    this.#open = Promise.withResolvers<void>();
  }

  resume(): void {
    this.#open.resolve();
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: connections }, () => this.#caller()));
  }

  async #caller(): Promise<void> {
    while (this.#begun < changes) {
      await this.#open.promise;
      if (this.#begun++ >= changes) return;
      await this.#change();
    }
  }

  async #change(): Promise<void> {
    const dice = randomInt(100);
    const at = randomInt(Math.max(1, this.known.length));
    const [key] = dice < 40 ? [] : this.known.splice(at, 1);
    if (!key) return this.#create();
    if (dice < 65) return this.#rename(key);
    if (dice < 85) return this.#rotate(key);
    return this.#revoke(key);
  }

  #send(path: string, method: string, body?: unknown): Promise<Answer> {
    const { portal, key } = this.subject;
    return call(`${portal}/api/keys${path}`, { method, key, body, limitMs: 40_000 });
  }

  /** Whether the change was made; an answer that refuses is kept to be shown. */
  #made(answer: Answer, wanted: number): boolean {
    if (answer.status === wanted) this.sent.answered++;
    else if (answer.status === 0 || answer.status >= 500) this.sent.unanswered++;
    else this.sent.refused.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    return answer.status === wanted;
  }

  async #create(): Promise<void> {
    const name = `Drill ${this.round}.${this.#number++} ñ“`;
    const body = { name, scopes: ['quota:read'], expires_at: randomInt(2) ? '2028-02-29T12:30:00.123Z' : null };
    const answer = await this.#send('', 'POST', body);
    if (this.#made(answer, 201)) this.known.push({ id: idIn(answer), name, active: true });
  }

  async #rename(key: Known): Promise<void> {
    const name = `Renamed ${this.round}.${this.#number++}`;
    if (this.#made(await this.#send(`/${key.id}`, 'PATCH', { name }), 200)) this.known.push({ ...key, name });
  }

  /** The old key is left alone from here on: another rotation of it would be refused. */
  async #rotate(key: Known): Promise<void> {
    const answer = await this.#send(`/${key.id}/rotate`, 'POST', { grace_seconds: 0 });
    if (this.#made(answer, 201)) this.known.push({ ...key, id: idIn(answer) });
  }

  async #revoke(key: Known): Promise<void> {
    const answer = await this.#send(`/${key.id}?reason=drill`, 'DELETE');
    if (this.#made(answer, 200)) this.revoked.push({ ...key, active: false });
  }

  readonly revoked: Known[] = [];
}

const idIn = (answer: Answer): string => (JSON.parse(answer.text) as { api_key_id: string }).api_key_id;

/** Kills the parts within 200 ms of one another and waits until the supervisor has ended by itself. */
async function killed(demo: DemoProcess, parts: Part[]): Promise<void> {
  const before = recorded();
  for (const part of parts) {
    // After the first the supervisor ends the rest by itself, and may be done with it.
    if (recorded().some(({ name }) => name === part)) signalPart(part, 'SIGKILL');
    await sleep(randomInt(200));
  }
  const { code, output } = await demo.ended;
  const sentence = output.split('\n').find(line => / was ended by SIGKILL\./.test(line)) ?? '(no sentence)';
  say(`killed ${parts.join(', ')}: “${sentence}”, exit ${code}`);
  const left = leftBehind(before);
  check(
    code === 1 && sentence !== '(no sentence)' && left.length === 0,
    `it ends with a clear line and leaves nothing${left.length ? `: ${left}` : ''}`,
  );
}

const shuffled = <Item>(items: Item[]): Item[] =>
  items
    .map(item => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** Waits until the outbox is empty; answers the ms it took. */
async function drained(): Promise<number> {
  const startedAt = Date.now();
  while ((await count('SELECT count(*) FROM outbox')) > 0) {
    if (Date.now() - startedAt > drainLimitMs) return Number.POSITIVE_INFINITY;
    await sleep(100);
  }
  return Date.now() - startedAt;
}

/** Every answered change must be in Postgres as it was answered. */
async function answeredIsKept(made: Changes): Promise<void> {
  const wanted = [...made.known, ...made.revoked];
  const rows = await ask<{ id: string; name: string; active: boolean }>(
    'SELECT api_key_id AS id, key_name AS name, is_active AS active FROM api_keys WHERE api_key_id = ANY($1)',
    [wanted.map(({ id }) => id)],
  );
  const found = new Map(rows.map(row => [row.id, row]));
  const lost = wanted.filter(({ id, name, active }) => {
    const row = found.get(id);
    return row?.name !== name || row.active !== active;
  });
  say(`${wanted.length} keys as last answered, ${lost.length} of them otherwise in Postgres`);
  check(wanted.length > 0 && lost.length === 0, 'every answered change is kept');
}

/** Compares all mirrors by the operator's own command, and the audit log with itself. */
export async function allEqual(): Promise<void> {
  const took = await drained();
  say(`outbox empty after ${(took / 1000).toFixed(1)} s`);
  check(took < drainLimitMs, 'the outbox drains by itself');
  const keys = await cli('mirror', 'verify', 'customers.customer_api_keys');
  say(keys.output.split('\n')[0] ?? '');
  const all = await cli('mirror', 'verify');
  for (const line of all.output.split('\n')) if (!line.includes(' equal: ')) say(line);
  check(keys.code === 0 && all.code === 0, 'BigQuery equals Postgres row for row');
  const dead = await count('SELECT count(*) FROM outbox_dead');
  check(dead === 0, 'no change was set aside');
  const audit = await cli('audit', 'verify');
  say(audit.output.split('\n').at(-1) ?? '');
  check(audit.code === 0, 'the audit log has no gap');
}

async function round(number: number, first: DemoProcess, subject: Drilled): Promise<DemoProcess> {
  let demo = first;
  const made = new Changes(subject, number);
  const victims: Part[][] = [
    ...shuffled<Part[]>([['portal'], ['worker'], ['bigquery']]),
    shuffled<Part>(['bigquery', 'portal', 'worker']),
  ];
  const running = made.run();
  for (const [index, parts] of victims.entries()) {
    const from = (changes / (victims.length + 1)) * (index + 1);
    const at = from + randomInt(-60, 60);
    while (made.begun < at) await sleep(2);
    made.pause();
    say(`at change ${made.begun}`);
    await killed(demo, parts);
    const startedAt = Date.now();
    demo = await startedDemo();
    say(`started again in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    made.resume();
  }
  await running;
  const { answered, unanswered, refused } = made.sent;
  say(`${made.begun} changes begun: ${answered} answered, ${unanswered} without an answer, ${refused.length} refused`);
  for (const line of new Set(refused)) say(line);
  check(refused.length === 0, 'no sound change is refused');
  await answeredIsKept(made);
  await allEqual();
  return demo;
}

/** Runs the rounds on a demo that is up; answers the one that is up at the end. */
export async function killDrill(demo: DemoProcess, rounds: number): Promise<DemoProcess> {
  let current = demo;
  const subject = await drilled();
  // A customer may have 50 active keys unless support says otherwise; the drill makes several hundred.
  const raised = await cli('quotas', 'set-keys', subject.customerId, String(Math.min(10_000, rounds * changes)));
  if (raised.code !== 0) throw new Error(raised.output);
  for (let number = 1; number <= rounds; number++) {
    console.log(`Round ${number}: portal, worker and BigQuery killed in the middle of ${changes} key changes`);
    current = await round(number, current, subject);
  }
  return current;
}
