/** Every sample of the API page does what it says: a shell runs it against the data plane, each with a run of its own. */
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calls } from '@/app/docs/reference';
import { setUp } from '@/app/docs/sample';
import { storedCredential } from '@/dev/testing/credentials/secrets';
import { customerKey, serviceKey } from '@/dev/testing/data-plane';
import { processedEvent } from '@/dev/testing/events/processed';
import { insertSource } from '@/dev/testing/events/sources';
import { insertConfig } from '@/dev/testing/providers/configs';
import { runInput } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { setLimits } from '@/lib/domains/subscriptions/change/set-limits';
import { listener } from '@/lib/edge/v1/node-server';

const all = calls();
let server: Server;
let world: World;
const variables = { TENANTRY_URL: '', TENANTRY_KEY: '', TENANTRY_SERVICE_KEY: '', WRITE_KEY: '' };

beforeAll(async () => {
  server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  world = await createWorld({ plan: 'SCALE' });
  // Each sample's run stays open: more of them at once than the plan allows.
  await setLimits(world.system, { concurrentLimit: 100 });
  variables.TENANTRY_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  variables.TENANTRY_KEY = (await customerKey(world)).text;
  variables.WRITE_KEY = (await insertSource(world)).writeKey;
  variables.TENANTRY_SERVICE_KEY = (await serviceKey(['keys:verify'])).text;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

/** What the shell needs of this machine, its clock included; every other variable must be the page's own. */
const machine = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => name === 'PATH' || name === 'LD_PRELOAD' || name.startsWith('FAKETIME'),
  ),
);
/** Not every machine has uuidgen, which the samples name. */
const uuidgen = `uuidgen() { '${process.execPath}' -p 'crypto.randomUUID()'; }`;

/** Runs the sample as a reader's shell does, where an unset variable is an error; answers status and body. */
async function run(sample: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const runId = (await startRun(world.system, runInput())).run.pipelineLoggingId;
  await insertPendingRuns(world, 1);
  const { configId } = await insertConfig(world);
  const { id } = await storedCredential(world);
  const script = `set -eu; ${uuidgen}\n${sample.replace('curl ', "curl -sS -w '\\n%{http_code}' ")}`;
  const env = {
    ...machine,
    NODE_ENV: process.env.NODE_ENV,
    ...variables,
    RUN_ID: runId,
    CONFIG_ID: configId,
    CREDENTIAL_ID: id,
    MESSAGE_ID: await processedEvent(world),
  };
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env });
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end)), body: JSON.parse(stdout.slice(0, end)) };
}

test.each(all.map(call => [`${call.method} ${call.path}`, call] as const))(
  'the sample of %s succeeds',
  async (_, call) => {
    const { status, body } = await run(call.example);
    expect({ status, problem: body.code }).toMatchObject({ status: Number(call.successes[0]?.status) });
  },
);

test('what the samples send is taken: a step and a result are stored, a key is valid, the run has ended', async () => {
  const sampled = async (id: string) => (await run(all.find(call => call.id === id)?.example ?? '')).body;
  expect(await sampled('reportSteps')).toMatchObject({ stored: 1, failed: 0 });
  expect(await sampled('reportChecks')).toMatchObject({ stored: 1, failed: 0 });
  expect(await sampled('verifyKey')).toMatchObject({ valid: true, code: 'VALID', customer_id: world.customerId });
  expect(await sampled('completeRun')).toMatchObject({ status: 'COMPLETED' });
});

test('the page says what each variable of the samples is', () => {
  const set = new Set([...setUp('https://portal.example').matchAll(/^export (\w+)=/gm)].map(match => match[1]));
  const used = new Set(all.flatMap(call => [...call.example.matchAll(/\$([A-Z_]+)/g)].map(match => match[1])));
  expect(used).toEqual(set);
  expect(setUp('https://portal.example/')).toContain('export TENANTRY_URL=https://portal.example\n');
});
