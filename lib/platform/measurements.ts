/** Gauges of what all processes share, as the outbox: read from its store when /metrics is asked for, never assumed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gauge } from 'prom-client';
import { log } from '@/lib/platform/log';

export type Measurement<Value> = {
  gauges: Gauge<string>[];
  /** Asks the store; a cheap question, as every process asks it. */
  read: () => Promise<Value>;
  /** Sets the gauges, which are empty. */
  write: (value: Value) => void;
};

/** An answer younger than this is given again. */
const keptMs = 5_000;
/** A scrape waits this long for the store; the scraper itself gives up after 10 s. */
const patienceMs = 2_000;

/** Takes the sample away, so that nobody reads a zero that was not measured. */
export function forgetSample(gauge: Gauge<string>): void {
  gauge.reset();
  // A gauge without labels goes back to zero by a reset.
  gauge.remove({});
}

async function within<Value>(patience: number, work: Promise<Value>): Promise<Value> {
  const timer = new AbortController();
  const late = sleep(patience, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${patience} ms`);
  });
  late.catch(() => undefined);
  return Promise.race([work, late]).finally(() => timer.abort());
}

/** From now on the gauges are measured at each scrape, at most once in 5 s; where the store is away they are left out. */
export function measureAtScrape<Value>({ gauges, read, write }: Measurement<Value>): void {
  let keptUntil = 0;
  let reading: Promise<Value> | undefined;
  let measuring: Promise<void> | undefined;
  // A store that hangs is asked once, however many scrapes wait for it.
  const readOnce = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const measure = async () => {
    try {
      const value = await within(patienceMs, readOnce());
      for (const gauge of gauges) forgetSample(gauge);
      write(value);
    } catch (error) {
      for (const gauge of gauges) forgetSample(gauge);
      log().warn({ err: error }, 'a measurement failed; its gauges are left out of /metrics');
    } finally {
      keptUntil = Date.now() + keptMs;
      measuring = undefined;
    }
  };
  const collect = async () => {
    if (!measuring && Date.now() >= keptUntil) measuring = measure();
    await measuring;
  };
  for (const gauge of gauges) Object.assign(gauge, { collect });
}
