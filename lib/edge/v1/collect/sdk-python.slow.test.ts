/** Segment's SDK for Python, as it is published, sends to us by its settings alone, plain and under gzip. */
import { beforeAll, expect, test } from 'vitest';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { type MixedCall, mixedCalls, openSdkScene, rowsBeside } from '@/dev/testing/events/sdk-scene';
import { askScript } from '@/dev/testing/python/ask-script';

const folder = 'lib/edge/v1/collect';
let python: string;
beforeAll(async () => {
  python = await clientVenv('segment', `${folder}/segment-python-requirements.txt`);
}, 300_000);

/** Errors that the SDK has told of. */
const sendBy = (url: string, writeKey: string, encoding: string, calls: readonly MixedCall[]) =>
  askScript<string[]>(python, `${folder}/segment-python-client.py`, [url, writeKey, encoding], calls);

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
