/** `npm run prove -- soak [--minutes N]`: a mixed load without faults on a demo of its own; no process may keep taking memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type DemoProcess, demoFacts, type Part, pidOf, servicesEnv, startedDemo } from '@/dev/prove/demo-process';
import { heapMbOf, isLevel, riseOf, rssMbOf, type Sample, type Window, windowsOf } from '@/dev/prove/memory';
import { allHeld, check, say } from '@/dev/prove/report';
import { soakKinds } from '@/dev/prove/soak-kinds';
import { Traffic } from '@/dev/prove/traffic';
import { closeDb } from '@/lib/platform/db';

/** It may build first, on a machine that does other work; how fast it starts is proved by the drills. */
const startLimitMs = 15 * 60_000;
const sampleEveryMs = 10_000;
/** Of 30 minutes, six of five; the first two are the start, in which caches fill and the heap finds its size. */
const windowCount = 6;
const judgedWindows = 4;

const { values } = parseArgs({ allowPositionals: true, options: { minutes: { type: 'string', default: '30' } } });
const durationMs = Number(values.minutes) * 60_000;
if (!(durationMs >= 60_000)) throw new Error('--minutes takes a number from 1 on');

type Measured = { part: Part; url: string; samples: Sample[] };

function table({ part, samples }: Measured): Window[] {
  const windows = windowsOf(samples, durationMs, windowCount);
  console.log(`\n${part}, RSS in MB`);
  console.log('  minutes       min  median     p90     max   heap in use (median)');
  for (const window of windows) {
    const minutes = (ms: number) => (ms / 60_000).toFixed(1).padStart(5);
    const figures = [window.min, window.median, window.p90, window.max, window.heapMedian].map(mb =>
      mb.toFixed(0).padStart(6),
    );
    console.log(
      `  ${minutes(window.fromMs)}–${minutes(window.fromMs + durationMs / windowCount)} ${figures.join('  ')}`,
    );
  }
  return windows;
}

async function measure(parts: Measured[]): Promise<void> {
  const startedAt = Date.now();
  for (let taken = 0; ; taken++) {
    const waitMs = startedAt + taken * sampleEveryMs - Date.now();
    if (waitMs > 0) await sleep(waitMs);
    const atMs = Date.now() - startedAt;
    if (atMs >= durationMs) return;
    for (const { part, url, samples } of parts)
      samples.push({ atMs, rssMb: rssMbOf(pidOf(part)), heapMb: await heapMbOf(url) });
    const figures = parts.map(({ part, samples }) => `${part} ${samples.at(-1)?.rssMb.toFixed(0)}`).join(', ');
    if (taken % 6 === 0) say(`after ${Math.round(atMs / 60_000)} min: ${figures} MB`);
  }
}

function judge(measured: Measured): void {
  const windows = table(measured).slice(-judgedWindows);
  const { median, p90 } = riseOf(windows);
  const percent = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`;
  const minutes = ((durationMs / windowCount) * judgedWindows) / 60_000;
  const figures = `median ${percent(median)}, p90 ${percent(p90)}`;
  check(
    isLevel(windows),
    `${measured.part} is level within 10 % over the last ${minutes.toFixed(0)} minutes: ${figures}`,
  );
}

let demo: DemoProcess | undefined;
try {
  demo = await startedDemo(['--reset'], {}, startLimitMs);
  const { portal, dataPlane, worker } = demoFacts();
  Object.assign(process.env, servicesEnv(), { LOG_LEVEL: 'error' });
  const traffic = new Traffic(await soakKinds());
  const parts: Measured[] = [
    { part: 'portal', url: portal, samples: [] },
    { part: 'data-plane', url: dataPlane, samples: [] },
    { part: 'worker', url: worker, samples: [] },
  ];
  console.log(`Mixed load without faults for ${values.minutes} minutes`);
  traffic.start();
  await measure(parts);
  await traffic.stop();
  for (const line of traffic.report()) say(line);
  check(traffic.failed === 0, 'every request was answered as it should be');
  for (const part of parts) judge(part);
} finally {
  // Without the demo's variables there is no database to close, and its error would hide the one that matters.
  if (process.env.DATABASE_URL) await closeDb();
  await demo?.interrupt();
}
console.log(allHeld() ? 'Everything held.' : 'Something was broken.');
process.exit(allHeld() ? 0 : 1);
