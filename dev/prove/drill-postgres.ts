/** Drill 2, continued: Postgres frozen in the middle of transactions. */
import { setTimeout as sleep } from 'node:timers/promises';
import { statuses } from '@/dev/prove/burst';
import { frozen } from '@/dev/prove/demo-process';
import {
  type Answer,
  call,
  count,
  type Drilled,
  healthParts,
  keyBody,
  ms,
  runBody,
  until,
} from '@/dev/prove/drill-client';
import { check, say } from '@/dev/prove/report';

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

/** What machines, people and health checks hear while Postgres neither answers nor hangs up. */
async function whatIsHeard({ portal, dataPlane, key, cookie }: Drilled): Promise<void> {
  const [planeHealth, portalHealth, quota, byKey, bySession, page] = await Promise.all([
    call(`${dataPlane}/v1/health`),
    call(`${portal}/api/health`),
    call(`${dataPlane}/v1/quota`, { key }),
    call(`${portal}/api/keys`, { key }),
    call(`${portal}/api/keys`, { cookie }),
    call(`${portal}/keys`, { cookie }),
  ]);
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
}

/** Freezes Postgres for 50 s under load. */
export async function postgresFrozen(subject: Drilled): Promise<void> {
  console.log('Postgres frozen under load');
  let over = false;
  const loading = load(subject, () => over);
  await sleep(3_000);
  await frozen('postgres', async () => {
    await whatIsHeard(subject);
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
  await recovers(subject, began);
}

/** All kinds of calls at once, more than the pools have connections, until all are answered. */
async function recovers({ portal, dataPlane, key, cookie }: Drilled, began: number): Promise<void> {
  const back = await until(30_000, async () => {
    const again = await Promise.all([
      ...Array.from({ length: 24 }, () => call(`${portal}/api/keys`, { key, body: keyBody('after') })),
      ...Array.from({ length: 24 }, () => call(`${dataPlane}/v1/runs`, { key, body: runBody })),
      call(`${portal}/keys`, { cookie }),
      call(`${portal}/api/health`),
    ]);
    return again.every(answer => answer.status < 500 && answer.status > 0);
  });
  say(`all calls answered again ${((Date.now() - began) / 1000).toFixed(1)} s after it went on`);
  check(back < 30_000, 'all recovers without a restart');
  const idle = await count(
    `SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '2 seconds'`,
  );
  check(idle === 0, 'no transaction was left open');
}
