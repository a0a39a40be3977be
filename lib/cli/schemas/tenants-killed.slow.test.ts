/** An upgrade of all tenants that is killed or told to stop goes on where it was, and ends with every dataset right. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeBinary, tsxArguments } from '@/dev/stack/paths';
import { useOwnDatabase } from '@/dev/testing/own-database';
import { createWorld } from '@/dev/testing/world';
import { bigquery, bigqueryRequest } from '@/lib/platform/bigquery/bigquery';
import { loadDefinitions } from '@/lib/warehouse/schemas/definition';
import { planSchemas } from '@/lib/warehouse/schemas/plan';

let dropDatabase: () => Promise<void>;
const customers = 40;
const datasets: string[] = [];

beforeAll(async () => {
  dropDatabase = await useOwnDatabase();
  for (let made = 0; made < customers; made++) datasets.push((await createWorld()).tenantDatasetId);
});
const removeAll = () =>
  Promise.all(
    datasets.map(dataset =>
      bigqueryRequest(bigquery(), {
        method: 'DELETE',
        uri: `/datasets/${dataset}`,
        qs: { deleteContents: true },
      }).catch(() => undefined),
    ),
  );
afterAll(async () => {
  await removeAll();
  await dropDatabase();
});

type Ended = { code: number | null; signal: string | null; output: string };

/** The command as a process of its own; `onOutput` may end it. */
async function applyAll(onOutput: (output: string, child: ChildProcess) => void = () => undefined): Promise<Ended> {
  const args = [...tsxArguments('lib/cli/main.ts'), 'schemas', 'apply', '--all-tenants'];
  const child = spawn(nodeBinary(), args, { env: { ...process.env, LOG_LEVEL: 'warn' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      output += String(part);
      onOutput(output, child);
    });
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, output };
}
const doneIn = (output: string) => new Set(output.match(/^ *(\d+) of 40 {2}/gm)).size;
const resumedIn = (output: string) => Number(/resumed: (\d+) of 40 were done/.exec(output)?.[1] ?? 0);

async function differences(): Promise<string[]> {
  const definitions = loadDefinitions('metadata');
  const planned = datasets.map(dataset => planSchemas(bigquery(), { dataset, definitions, location: 'US' }));
  return (await Promise.all(planned)).flat().map(({ kind, dataset }) => `${kind} ${dataset}`);
}

test('killed in the middle (SIGKILL), the next call says how many were done and does the others', async () => {
  const killed = await applyAll((output, child) => {
    if (doneIn(output) >= 15) child.kill('SIGKILL');
  });
  expect(killed.signal).toBe('SIGKILL');
  const done = doneIn(killed.output);
  expect(done).toBeLessThan(customers);
  expect((await differences()).length).toBeGreaterThan(0);
  const second = await applyAll();
  console.log(`killed after ${done} of ${customers}; ${second.output.match(/resumed.*/)?.[0]}`);
  const resumed = resumedIn(second.output);
  expect(resumed).toBeGreaterThanOrEqual(done - 8);
  expect(resumed).toBeLessThanOrEqual(done);
  expect(second.code).toBe(0);
  expect(second.output).toContain(`${resumed} done before`);
  expect(await differences()).toEqual([]);
  const third = await applyAll();
  expect(third.output).not.toContain('resumed');
  expect(third.output).toContain('40 as they should be');
});

test('told to stop (Ctrl-C) it finishes what is under way, says what was not reached, and the next call goes on', async () => {
  await removeAll();
  let told = false;
  const stopped = await applyAll((output, child) => {
    if (!told && doneIn(output) >= 10) told = child.kill('SIGINT');
  });
  expect(stopped.code).toBe(130);
  expect(stopped.output).toContain('Stopping: what is under way is finished');
  const notReached = Number(/(\d+) not reached/.exec(stopped.output)?.[1]);
  expect(notReached).toBeGreaterThan(0);
  expect(stopped.output).toContain('0 failed');
  const second = await applyAll();
  console.log(`stopped with ${notReached} of ${customers} not reached; ${second.output.match(/resumed.*/)?.[0]}`);
  expect(resumedIn(second.output)).toBe(customers - notReached);
  expect(second.code).toBe(0);
  expect(await differences()).toEqual([]);
});
