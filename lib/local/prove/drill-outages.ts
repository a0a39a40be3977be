/** Drill 2: BigQuery, the key service and Postgres frozen or gone while people and machines go on calling. */
import { setTimeout as sleep } from 'node:timers/promises';
import { statuses } from '@/lib/local/prove/burst';
import {
  type DemoProcess,
  frozen,
  leftBehind,
  recorded,
  signalPart,
  startedDemo,
} from '@/lib/local/prove/demo-process';
import { type Answer, call, count, type Drilled, drilled } from '@/lib/local/prove/drill-client';
import { allEqual } from '@/lib/local/prove/drill-kills';
import { check, say } from '@/lib/local/prove/report';

const keyBody = (name: string) => ({ name, scopes: ['quota:read'] });
const runBody = { pipeline_id: 'drill', trigger_type: 'api', trigger_by: 'drill' };
const ms = (answer: Answer) => `${answer.status} after ${Math.round(answer.ms)} ms`;
const age = /This list is from|Updating: synced/;
const noRows = /Could not load API keys/;

/** Waits until `done`; answers the ms it took, at most `limitMs`. */
async function until(limitMs: number, done: () => Promise<boolean>): Promise<number> {
  const startedAt = Date.now();
  while (!(await done())) {
    if (Date.now() - startedAt > limitMs) return Number.POSITIVE_INFINITY;
    await sleep(50);
  }
  return Date.now() - startedAt;
}

const outboxIsEmpty = async () => (await count('SELECT count(*) FROM outbox')) === 0;
const healthParts = (answer: Answer) =>
  JSON.stringify((JSON.parse(answer.text) as { parts: Record<string, { ok: boolean; message: string }> }).parts);

/** What people see while BigQuery does not answer: a page read before, the same after a change, and one never read. */
async function withoutBigQuery(subject: Drilled, how: string): Promise<void> {
  const { portal, dataPlane, key, cookie } = subject;
  const seen = await call(`${portal}/keys`, { cookie });
  say(`BigQuery ${how}; the page read before: ${ms(seen)}`);
  check(seen.status === 200 && seen.ms < 5_000, 'a page read before is shown within 5 s');
  const name = `While ${how}`;
  const byPerson = await call(`${portal}/api/keys`, { cookie, body: keyBody(name) });
  const byKey = await call(`${portal}/api/keys`, { key, body: keyBody(`${name} by key`) });
  say(`create a key: by a person ${ms(byPerson)}, by a key ${ms(byKey)}`);
  check(
    byPerson.status === 201 && byKey.status === 201 && byPerson.ms < 3_000 && byKey.ms < 3_000,
    'a key is created within 3 s',
  );
  const after = await call(`${portal}/keys`, { cookie });
  const updating = after.text.includes(name) && /updating/i.test(after.text);
  say(
    `the page after it: ${ms(after)}, ${updating ? 'the new row updating' : 'the new row not shown'}, ${age.test(after.text) ? 'old rows with their age' : noRows.test(after.text) ? 'an error card' : 'no age'}`,
  );
  check(
    after.status === 200 && after.ms < 6_000 && ((updating && age.test(after.text)) || noRows.test(after.text)),
    'it shows the new row as updating and the age of the others, or an error card',
  );
  const unread = await call(`${portal}/keys?status=revoked&q=${encodeURIComponent(how)}`, { cookie });
  const overview = await call(`${portal}/`, { cookie });
  say(
    `a page never read: ${ms(unread)}, ${noRows.test(unread.text) ? 'an error card' : 'no card'}; the Overview: ${ms(overview)}`,
  );
  check(
    unread.status === 200 && noRows.test(unread.text) && unread.ms < 8_000,
    'a page never read has an error card, not a 500',
  );
  const run = await call(`${dataPlane}/v1/runs`, { key, body: runBody });
  const health = await call(`${portal}/api/health`);
  say(`start a run: ${ms(run)}; /api/health: ${ms(health)} ${healthParts(health)}`);
  check(
    (run.status === 201 || run.status === 429) &&
      run.ms < 1_000 &&
      health.status === 200 &&
      !/"bigquery":\{"ok":true/.test(health.text),
    'the data plane goes on; health names BigQuery',
  );
}

async function bigqueryFrozen(subject: Drilled): Promise<void> {
  console.log('BigQuery frozen (it takes connections and answers nothing)');
  await call(`${subject.portal}/keys`, { cookie: subject.cookie });
  await frozen('bigquery', async () => {
    await withoutBigQuery(subject, 'frozen');
    await sleep(20_000);
  });
  const caughtUp = await until(90_000, outboxIsEmpty);
  say(`caught up ${(caughtUp / 1000).toFixed(1)} s after it went on`);
  check(caughtUp < 90_000, 'the mirror catches up by itself');
  const page = await call(`${subject.portal}/keys`, { cookie: subject.cookie });
  check(
    page.status === 200 && page.text.includes('While frozen') && !/This list is from/.test(page.text),
    'the page is current again',
  );
}

/** The supervisor is frozen meanwhile, so that it does not end the rest: connections are refused, as on a network fault. */
async function bigqueryGone(demo: DemoProcess, subject: Drilled): Promise<DemoProcess> {
  console.log('BigQuery gone (connections refused), then started again');
  await call(`${subject.portal}/keys`, { cookie: subject.cookie });
  const before = recorded();
  signalPart('supervisor', 'SIGSTOP');
  signalPart('bigquery', 'SIGKILL');
  try {
    await withoutBigQuery(subject, 'gone');
  } finally {
    signalPart('supervisor', 'SIGCONT');
  }
  const { code } = await demo.ended;
  check(code === 1 && leftBehind(before).length === 0, 'the supervisor, once awake, ends all of it');
  const again = await startedDemo();
  const caughtUp = await until(60_000, outboxIsEmpty);
  say(`caught up ${(caughtUp / 1000).toFixed(1)} s after the start`);
  check(caughtUp < 60_000, 'the mirror catches up after the start');
  return again;
}

const stored = () =>
  Promise.all(['api_keys', 'audit_log', 'outbox'].map(table => count(`SELECT count(*) FROM ${table}`)));

async function keyServiceFrozen({ portal, key, cookie, dataPlane }: Drilled): Promise<void> {
  console.log('The key service frozen');
  await until(60_000, outboxIsEmpty);
  const before = await stored();
  await frozen('kms', async () => {
    const answers = await Promise.all([
      call(`${portal}/api/keys`, { key, body: keyBody('never') }),
      call(`${portal}/api/keys`, { cookie, body: keyBody('never') }),
    ]);
    const [byKey] = answers;
    say(`create a key: ${answers.map(ms).join(', ')}, Retry-After ${byKey?.headers.get('retry-after')}`);
    say(byKey?.text ?? '');
    check(
      answers.every(
        answer =>
          answer.status === 503 &&
          answer.ms < 6_000 &&
          /key_service_unavailable/.test(answer.text) &&
          answer.headers.has('retry-after'),
      ),
      'a clear 503 within about 5 s',
    );
    const list = await call(`${portal}/api/keys`, { key });
    const run = await call(`${dataPlane}/v1/runs`, { key, body: runBody });
    check(list.status === 200 && run.status < 500, 'what needs no key service goes on');
  });
  await until(60_000, outboxIsEmpty);
  const [keysBefore, auditBefore] = before;
  const [keysAfter, auditAfter] = await stored();
  check(keysBefore === keysAfter && auditBefore === auditAfter, 'nothing was written');
  const again = await call(`${portal}/api/keys`, { key, body: keyBody('after the key service') });
  say(`create a key at once after it went on: ${ms(again)}`);
  check(again.status === 201, 'it works again at once');
}

const isRetryable = (answer: Answer) => answer.status === 503 && answer.headers.has('retry-after');

/** Enough calls to have every connection of both pools in the middle of something when Postgres freezes. */
function load({ portal, dataPlane, key }: Drilled, stop: () => boolean): Promise<Answer[][]> {
  const caller = async (index: number): Promise<Answer[]> => {
    const answers: Answer[] = [];
    for (let number = 0; !stop(); number++) {
      const body = index % 2 ? runBody : keyBody(`Load ${index}.${number}`);
      answers.push(await call(index % 2 ? `${dataPlane}/v1/runs` : `${portal}/api/keys`, { key, body }));
    }
    return answers;
  };
  return Promise.all(Array.from({ length: 48 }, (_, index) => caller(index)));
}

async function postgresFrozen(subject: Drilled): Promise<void> {
  console.log('Postgres frozen under load');
  const { portal, dataPlane, key, cookie } = subject;
  let over = false;
  const loading = load(subject, () => over);
  await sleep(3_000);
  await frozen('postgres', async () => {
    const asked = await Promise.all([
      call(`${dataPlane}/v1/health`),
      call(`${portal}/api/health`),
      call(`${dataPlane}/v1/quota`, { key }),
      call(`${portal}/api/keys`, { key }),
      call(`${portal}/api/keys`, { cookie }),
      call(`${portal}/keys`, { cookie }),
    ]);
    const [planeHealth, portalHealth, quota, byKey, bySession, page] = asked as [
      Answer,
      Answer,
      Answer,
      Answer,
      Answer,
      Answer,
    ];
    say(`/v1/health ${ms(planeHealth)}, /api/health ${ms(portalHealth)} ${healthParts(portalHealth)}`);
    check(
      [planeHealth, portalHealth].every(answer => isRetryable(answer) && /"database":\{"ok":false/.test(answer.text)),
      'health says that the database is down',
    );
    say(`/v1/quota ${ms(quota)}, /api/keys by key ${ms(byKey)}, by session ${ms(bySession)}`);
    check([quota, byKey, bySession].every(isRetryable), 'machines hear 503 with Retry-After');
    const requestId = page.headers.get('x-request-id') ?? '';
    say(
      `the page /keys: ${ms(page)}, request id ${requestId}, ${page.text.includes(requestId) ? 'which the error page carries' : 'not on the page'}`,
    );
    check(
      page.status >= 500 && requestId !== '' && page.text.includes(requestId),
      'pages show the error page with a request id',
    );
    await sleep(30_000);
  });
  over = true;
  const began = Date.now();
  const answers = (await loading).flat();
  say(
    `the load heard: ${statuses(answers.map(answer => ({ ...answer, body: '', sentAt: 0, answeredAt: 0 })))}; slowest ${Math.round(Math.max(...answers.map(answer => answer.ms)))} ms`,
  );
  check(
    answers.every(answer => answer.status !== 500 && answer.status !== 0),
    'no call hears a 500 or nothing',
  );
  const back = await until(30_000, async () => {
    const again = await Promise.all([
      ...Array.from({ length: 24 }, () => call(`${portal}/api/keys`, { key, body: keyBody('after') })),
      ...Array.from({ length: 24 }, () => call(`${dataPlane}/v1/runs`, { key, body: runBody })),
      call(`${portal}/keys`, { cookie }),
      call(`${portal}/api/health`),
    ]);
    return again.every(answer => answer.status < 500 && answer.status > 0);
  });
  say(`all calls answered again ${((back + Date.now() - began - back) / 1000).toFixed(1)} s after it went on`);
  check(back < 30_000, 'all recovers without a restart');
  const idle = await count(
    `SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '2 seconds'`,
  );
  check(idle === 0, 'no transaction was left open');
}

/** Every outage in turn on a demo that is up; answers the one that is up at the end. */
export async function outageDrill(demo: DemoProcess, only?: string): Promise<DemoProcess> {
  const subject = await drilled();
  let current = demo;
  if (!only || only === 'bigquery') {
    await bigqueryFrozen(subject);
    current = await bigqueryGone(current, subject);
  }
  if (!only || only === 'kms') await keyServiceFrozen(subject);
  if (!only || only === 'postgres') await postgresFrozen(subject);
  await allEqual();
  return current;
}
