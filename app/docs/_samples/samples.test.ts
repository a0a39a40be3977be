/** Every sample of every page does what it says: it runs, byte for byte, in all three languages against a data plane. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allPages } from '@/app/docs/_content/pages';
import { type Language, languages, type Sample } from '@/app/docs/_samples/languages';
import { samplesOf, setUpOf, variablesOf } from '@/app/docs/_samples/variables';
import { storedCredential } from '@/dev/testing/credentials/secrets';
import { customerKey, serviceKey } from '@/dev/testing/data-plane';
import { answerPortal } from '@/dev/testing/docs/portal-api';
import { runSample } from '@/dev/testing/docs/run-sample';
import { processedEvent } from '@/dev/testing/events/processed';
import { insertSource } from '@/dev/testing/events/sources';
import { insertConfig } from '@/dev/testing/providers/configs';
import { runInput } from '@/dev/testing/quota';
import { insertPendingRuns } from '@/dev/testing/runs';
import { createWorld, type World } from '@/dev/testing/world';
import { startRun } from '@/lib/domains/runs/start/reserve';
import { setLimits } from '@/lib/domains/subscriptions/change/set-limits';
import { besideOf, listener } from '@/lib/edge/v1/node-server';

const samplesAt = (address: string): Sample[] =>
  allPages.flatMap(entry => samplesOf(entry.content({ dataPlane: address, portal: address })));
const named = samplesAt('http://127.0.0.1').filter(sample => !sample.install);

let server: Server;
let world: World;
let address: string;
const keys = { TENANTRY_KEY: '', TENANTRY_SERVICE_KEY: '', WRITE_KEY: '' };

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '';
    if (path.startsWith('/api/') && !besideOf(path)) void answerPortal(incoming, outgoing);
    else listener(incoming, outgoing);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world = await createWorld({ plan: 'SCALE' });
  // Each sample's run stays open: more of them at once than the plan allows.
  await setLimits(world.system, { concurrentLimit: 1_000 });
  keys.TENANTRY_KEY = (await customerKey(world)).text;
  keys.WRITE_KEY = (await insertSource(world)).writeKey;
  keys.TENANTRY_SERVICE_KEY = (await serviceKey(['keys:verify'])).text;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

/** What a variable names is made anew for each sample that reads it. */
const making: Record<string, () => Promise<string>> = {
  RUN_ID: async () => (await startRun(world.system, runInput())).run.pipelineLoggingId,
  CONFIG_ID: async () => (await insertConfig(world)).configId,
  CREDENTIAL_ID: async () => (await storedCredential(world)).id,
  MESSAGE_ID: () => processedEvent(world),
};

/** Runs it as the page shows it; answers what it printed. */
async function run(id: string, language: Language): Promise<string> {
  const sample = samplesAt(address).find(known => known.id === id);
  if (!sample) throw new Error(`there is no sample ${id}`);
  const variables: Record<string, string> = { ...keys };
  for (const name of variablesOf([sample])) if (making[name]) variables[name] = await making[name]();
  if (sample.code.curl.includes('/v1/runs/claim')) await insertPendingRuns(world, 1);
  return await runSample(language, sample.code[language], variables);
}

describe.each(languages)('in %s', language => {
  test.each(named.map(({ id }) => id))('the sample %s succeeds', async id => {
    const printed = await run(id, language);
    expect(() => JSON.parse(printed), printed).not.toThrow();
  });

  test('what the samples send is taken: a step and a result are stored, a key is valid, the run has ended', async () => {
    const answered = async (id: string) => JSON.parse(await run(id, language));
    expect(await answered('reportSteps')).toMatchObject({ stored: 1, failed: 0 });
    expect(await answered('reportChecks')).toMatchObject({ stored: 1, failed: 0 });
    expect(await answered('verifyKey')).toMatchObject({ valid: true, code: 'VALID', customer_id: world.customerId });
    expect(await answered('completeRun')).toMatchObject({ status: 'COMPLETED' });
  });
});

test('a sample that is refused ends with an error in every language', async () => {
  const sample = samplesAt(address).find(({ id }) => id === 'readQuota');
  for (const language of languages)
    await expect(
      runSample(language, sample?.code[language] ?? '', { TENANTRY_KEY: 'ty_live_nothing' }),
      language,
    ).rejects.toThrow(/401/);
});

test('every sample has a name of its own, and reads no variable that the page does not explain', () => {
  const ids = named.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  for (const sample of named) {
    const explained = variablesOf([sample]);
    const read = Object.values(sample.code).flatMap(code =>
      [...code.matchAll(/\$\{?([A-Z][A-Z_]+)|environ\[["'](\w+)|process\.env\.(\w+)/g)].map(
        ([, shell, python, node]) => shell ?? python ?? node ?? '',
      ),
    );
    expect(
      read.filter(name => !explained.includes(name)),
      sample.id,
    ).toEqual([]);
  }
});

test('the variables name the start of the reader’s own key, and nothing that is secret', () => {
  expect(setUpOf(['TENANTRY_KEY'], { name: 'CI', start: 'ty_live_ab12' })).toBe(
    'export TENANTRY_KEY=ty_live_ab12…  # “CI”; paste the whole key',
  );
  expect(setUpOf(['TENANTRY_KEY', 'RUN_ID'], null)).toContain('export TENANTRY_KEY=ty_live_…  # of the page API keys');
});
