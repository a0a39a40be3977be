/** Segment's SDK for Node, as it is published, sends to us by its settings alone. */
import { Analytics } from '@segment/analytics-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type MixedCall, mixedCalls, openSdkScene, rowsBeside, type SdkScene } from '@/dev/testing/events/sdk-scene';

let scene: SdkScene;
// Each try has a source of its own.
beforeEach(async () => {
  scene = await openSdkScene();
});
afterEach(() => scene.close());

function send(analytics: Analytics, call: MixedCall): void {
  const { type, ...rest } = call;
  (analytics[type] as (fields: object) => void).call(analytics, rest);
}

test('1,000 mixed calls of @segment/analytics-node are equal rows', async () => {
  const calls = mixedCalls(1_000);
  const analytics = new Analytics({ writeKey: scene.source.writeKey, host: scene.url, flushAt: 60 });
  const failures: unknown[] = [];
  analytics.on('error', error => failures.push(error));
  for (const call of calls) send(analytics, call);
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);
  const { found, expected } = await rowsBeside(scene, calls);
  expect(found).toEqual(expected);
});

test('a key of nobody is an error that it reports', async () => {
  const analytics = new Analytics({ writeKey: 'nobody', host: scene.url, flushAt: 1, maxRetries: 0 });
  const failures: { reason?: unknown }[] = [];
  analytics.on('error', error => failures.push(error as { reason?: unknown }));
  analytics.track({ userId: 'u', event: 'A' });
  await analytics.closeAndFlush();
  expect(String(failures[0]?.reason)).toContain('401');
});
