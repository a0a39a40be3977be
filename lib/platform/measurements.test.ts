/** What /metrics says of a store it cannot ask: nothing, rather than zero. */
import { Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { forgetSample, measureAtScrape } from '@/lib/platform/measurements';

function gaugesOf(read: () => Promise<number>) {
  const registry = new Registry();
  const depth = new Gauge({ name: 'depth', help: 'h', labelNames: ['mirror'], registers: [registry] });
  const age = new Gauge({ name: 'age', help: 'h', registers: [registry] });
  for (const gauge of [depth, age]) forgetSample(gauge as Gauge<string>);
  const samples = async () => (await registry.metrics()).split('\n').filter(line => line && !line.startsWith('#'));
  const measure = () =>
    measureAtScrape({
      gauges: [depth as Gauge<string>, age],
      read,
      write: value => {
        depth.set({ mirror: 'a' }, value);
        age.set(value);
      },
    });
  return { samples, measure };
}

test('a gauge that nobody measures has no sample; at a scrape it is measured, once for all gauges of the answer', async () => {
  let asked = 0;
  const { samples, measure } = gaugesOf(async () => ++asked);
  expect(await samples()).toEqual([]);
  measure();
  expect(await samples()).toEqual(['depth{mirror="a"} 1', 'age 1']);
  await Promise.all([samples(), samples()]);
  expect(await samples()).toEqual(['depth{mirror="a"} 1', 'age 1']);
  expect(asked).toBe(1);
});

test('where the store refuses, the samples are left out', async () => {
  const { samples, measure } = gaugesOf(async () => {
    throw new Error('connection refused');
  });
  measure();
  expect(await samples()).toEqual([]);
});

test('where the store hangs, the answer comes within two seconds and a bit, and it is asked only once', async () => {
  let asked = 0;
  const { samples, measure } = gaugesOf(() => {
    asked++;
    return new Promise(() => undefined);
  });
  measure();
  const started = Date.now();
  expect(await samples()).toEqual([]);
  expect(Date.now() - started).toBeLessThan(3_000);
  await samples();
  expect(asked).toBe(1);
});
