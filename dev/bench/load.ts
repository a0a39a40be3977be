/** One measurement by load: so many connections, each sending its next request when the last one is answered. */
import autocannon from 'autocannon';

export type LoadRequest = { method: string; path: string; headers: Record<string, string>; body?: string };
export type Load = { perSecond: number; p50Ms: number; p99Ms: number; failed: number };

const warmUpSeconds = 2;

/** Requests a second and latencies over `seconds`, after a warm-up; the requests are sent round robin. */
export async function load(
  url: string,
  requests: LoadRequest[],
  options: { connections: number; seconds: number },
): Promise<Load> {
  const { connections, seconds } = options;
  await autocannon({ url, connections, duration: warmUpSeconds, requests });
  const {
    requests: sent,
    latency,
    non2xx,
    errors,
  } = await autocannon({ url, connections, duration: seconds, requests });
  return { perSecond: sent.average, p50Ms: latency.p50, p99Ms: latency.p99, failed: non2xx + errors };
}

/** The value below which the share of the values lies. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
