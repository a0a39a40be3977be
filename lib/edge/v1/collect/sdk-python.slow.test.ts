/** Segment's SDK for Python, as it is published, sends to us by its settings alone, plain and under gzip. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { type MixedCall, mixedCalls, openSdkScene, rowsBeside } from '@/dev/testing/events/sdk-scene';

const folder = 'lib/edge/v1/collect';
let python: string;
beforeAll(async () => {
  python = await clientVenv('segment', `${folder}/segment-python-requirements.txt`);
}, 300_000);

/** Errors that the SDK has told of. */
function sendBy(url: string, writeKey: string, encoding: string, calls: readonly MixedCall[]): Promise<string[]> {
  const script = join(checkoutDir, folder, 'segment-python-client.py');
  const child = spawn(python, [script, url, writeKey, encoding], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', part => {
    output += String(part);
  });
  child.stdin.end(JSON.stringify(calls));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`it ended with ${code}`))));
  });
}

test.each(['plain', 'gzip'])('1,000 mixed calls of segment-analytics-python, %s, are equal rows', async encoding => {
  const scene = await openSdkScene();
  const calls = mixedCalls(1_000);
  expect(await sendBy(scene.url, scene.source.writeKey, encoding, calls)).toEqual([]);
  const { found, expected } = await rowsBeside(scene, calls);
  expect(found).toEqual(expected);
  await scene.close();
});

test('a key of nobody is an error that it reports', async () => {
  const scene = await openSdkScene();
  const errors = await sendBy(scene.url, 'nobody', 'plain', mixedCalls(2));
  expect(errors[0]).toContain('401');
  await scene.close();
});
