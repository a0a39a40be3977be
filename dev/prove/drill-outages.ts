/** Drill 2: BigQuery, the key service and Postgres frozen or gone while people and machines go on calling. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoProcess, frozen, leftBehind, recorded, signalPart, startedDemo } from '@/dev/prove/demo-process';
import { call, count, type Drilled, drilled, healthParts, keyBody, ms, runBody, until } from '@/dev/prove/drill-client';
import { allEqual } from '@/dev/prove/drill-kills';
import { postgresFrozen } from '@/dev/prove/drill-postgres';
import { check, say } from '@/dev/prove/report';

const age = /[Tt]his is as of \d|As of \d/;
const noRows = /Could not load API keys/;

const outboxIsEmpty = async () => (await count('SELECT count(*) FROM outbox')) === 0;

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
    page.status === 200 && page.text.includes('While frozen') && !/BigQuery cannot be reached/.test(page.text),
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
