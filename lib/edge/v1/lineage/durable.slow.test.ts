/** The stand-alone data plane as a process: whoever heard 201 can rely on it, whatever happens then; whoever heard 503 sends again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { checkoutDir, nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { customerKey } from '@/dev/testing/data-plane';
import { batch, one } from '@/dev/testing/lineage/door';
import { keptEvents, runEvent } from '@/dev/testing/lineage/events';
import { Wire } from '@/dev/testing/wire';
import { createWorld, type World } from '@/dev/testing/world';

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
});

async function start(more: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(nodeBinary(), [...tsxArguments('lib/edge/v1/main.ts')], {
    cwd: checkoutDir,
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      LINEAGE_EVENTS_PER_MINUTE: '100000',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', part => {
      output += String(part);
      const port = /"port":(\d+)/.exec(output)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    child.once('exit', () => reject(new Error(`the data plane did not start: ${output}`)));
  });
  return { child, url };
}

let world: World;
let headers: Record<string, string>;
beforeEach(async () => {
  world = await createWorld();
  const { text } = await customerKey(world);
  headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
});

const post = (url: string, event: object, path = one) =>
  fetch(url + path, { method: 'POST', headers, body: JSON.stringify(event) });

/** Sends until the server is gone; answers the run ids of what it heard 201 for. */
async function acknowledged(url: string, path: string): Promise<string[]> {
  const heard: string[] = [];
  for (;;) {
    const events = Array.from({ length: path === batch ? 20 : 1 }, () => runEvent());
    const answer = await post(url, path === batch ? events : (events[0] as object), path).catch(() => null);
    if (!answer) return heard;
    if (answer.status === 201) heard.push(...events.map(({ run }) => run.runId));
  }
}

test('a data plane killed at any moment has lost nothing that it answered by 201', async () => {
  const heard: string[] = [];
  for (let time = 0; time < 4; time++) {
    const { child, url } = await start();
    const senders = [one, one, one, one, one, one, batch, batch].map(path => acknowledged(url, path));
    await sleep(300 + Math.random() * 500);
    child.kill('SIGKILL');
    heard.push(...(await Promise.all(senders)).flat());
  }
  const kept = new Set((await keptEvents(world.customerId)).map(({ rootRunId }) => rootRunId));
  expect(heard.length).toBeGreaterThan(500);
  expect(heard.filter(runId => !kept.has(runId))).toEqual([]);
});

test('events under way when SIGTERM comes are answered, and the process exits 0', async () => {
  const { child, url } = await start();
  await post(url, runEvent());
  const sent = Array.from({ length: 30 }, () => post(url, runEvent()));
  await Promise.race(sent);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  const answers = await Promise.allSettled(sent);
  const taken = answers.filter(answer => answer.status === 'fulfilled' && answer.value.status === 201);
  expect(code).toBe(0);
  expect(await keptEvents(world.customerId)).toHaveLength(taken.length + 1);
});

test('while Postgres is away: 503 with Retry-After and nothing kept; the client delivers as soon as it is back', async () => {
  const wire = new Wire(process.env.DATABASE_URL ?? '');
  const databaseUrl = await wire.listen();
  const { child, url } = await start({ DATABASE_URL: databaseUrl });
  expect((await post(url, runEvent())).status).toBe(201);
  await wire.cut();
  const late = runEvent();
  for (const path of [one, batch]) {
    const refused = await post(url, path === batch ? [late] : late, path);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ code: 'database_unavailable' });
  }
  await wire.mend(databaseUrl);
  const deliver = async () => (await post(url, late)).status;
  await expect.poll(deliver, { interval: 500, timeout: 20_000 }).toBe(201);
  expect((await keptEvents(world.customerId)).map(({ rootRunId }) => rootRunId)).toContain(late.run.runId);
  child.kill('SIGKILL');
  wire.close();
});

test('the stand-alone server answers these paths as the portal’s mount does, and passes no other below /api on', async () => {
  const { child, url } = await start();
  const { POST, GET } = await import('@/app/api/v1/lineage/[[...path]]/route');
  const asked: [method: 'GET' | 'POST', path: string, body?: string][] = [
    ['POST', one, JSON.stringify(runEvent())],
    ['POST', `${one}/`, JSON.stringify(runEvent())],
    ['POST', `${batch}?customer_id=nobody`, '[]'],
    ['POST', batch, '[{}]'],
    ['POST', one, '{'],
    ['POST', `${one}/nothing`, '{}'],
    ['GET', one],
    ['GET', `${batch}/`],
  ];
  for (const [method, path, body] of asked) {
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const alone = await fetch(url + path, init);
    const mounted = await (method === 'GET' ? GET : POST)(new Request(`http://portal${path}`, init));
    const seen = async (answer: Response) => {
      const { request_id: _, ...said } = (await answer.json()) as Record<string, unknown>;
      return [answer.status, answer.headers.get('content-type'), answer.headers.get('allow'), said];
    };
    expect(await seen(alone), `${method} ${path}`).toEqual(await seen(mounted));
  }
  expect((await fetch(`${url}/api/runs`, { headers })).status).toBe(404);
  child.kill('SIGKILL');
});
