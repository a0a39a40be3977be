/** What the soak measures: memory of each process over time, in windows, and whether it stays level. */
import { readFileSync } from 'node:fs';
import { percentile } from '@/dev/bench/load';

export type Sample = { atMs: number; rssMb: number; heapMb: number };
export type Window = {
  fromMs: number;
  samples: number;
  min: number;
  median: number;
  /** Nine samples of ten are below it: the top of a sawtooth without its one highest tooth. */
  p90: number;
  max: number;
  heapMedian: number;
};

/** What counts as level: a tenth over all windows at most, which is half of that from one half of them to the other. */
const allowedRise = 0.05;

/** Resident memory of a process in MB, as the kernel counts it. Throws when the process is gone. */
export function rssMbOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!found) throw new Error(`process ${pid} has ended`);
  return Number(found[1]) / 1024;
}

/** JavaScript heap in use by the process at `url` in MB, by its own metrics; NaN where it does not answer. */
export async function heapMbOf(url: string): Promise<number> {
  try {
    const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
    return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1] ?? Number.NaN) / 1024 / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The samples cut into `count` windows of equal length; windows without a sample are left out. */
export function windowsOf(samples: Sample[], durationMs: number, count: number): Window[] {
  const lengthMs = durationMs / count;
  return Array.from({ length: count }, (_, index) => index * lengthMs).flatMap(fromMs => {
    const own = samples.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + lengthMs);
    if (own.length === 0) return [];
    const rss = own.map(({ rssMb }) => rssMb);
    const heap = own.map(({ heapMb }) => heapMb).filter(mb => !Number.isNaN(mb));
    return {
      fromMs,
      samples: own.length,
      min: Math.min(...rss),
      median: percentile(rss, 0.5),
      p90: percentile(rss, 0.9),
      max: Math.max(...rss),
      heapMedian: percentile(heap, 0.5),
    };
  });
}

/**
 * How far median and top (p90) of the later half of the windows lie above the highest of the earlier half, as a share. A
 * sawtooth is level where both are; memory that is given back, or taken again after that, is no leak.
 */
export function riseOf(windows: Window[]): { median: number; p90: number } {
  const half = Math.ceil(windows.length / 2);
  const [earlier, later] = [windows.slice(0, half), windows.slice(half)];
  if (later.length === 0) return { median: Number.NaN, p90: Number.NaN };
  const rise = (value: 'median' | 'p90') =>
    Math.max(...later.map(window => window[value])) / Math.max(...earlier.map(window => window[value])) - 1;
  return { median: rise('median'), p90: rise('p90') };
}

/** Whether neither median nor top rose by more than a tenth over all windows. */
export function isLevel(windows: Window[]): boolean {
  const { median, p90 } = riseOf(windows);
  return median <= allowedRise && p90 <= allowedRise;
}
