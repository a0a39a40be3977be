/**
 * What repeat views of a page cost BigQuery while the customer's worker asks for its quota.
 * Source: docs/architecture.md, Budgets.
 */
import { setTimeout as sleep } from 'node:timers/promises';

type Place = { portal: string; dataPlane: string; apiKey: string; cookie: string; path: string };
export type RepeatViews = { views: number; queries: number; bytesBilled: number };

const viewCount = 20;
const pauseMs = 250;
/** Until a first call of the customer's, which is told at once, has reached BigQuery. */
const settleMs = 4_000;

/** Sums of the portal's counters: queries sent to BigQuery and bytes they billed. */
async function spent(portal: string): Promise<{ queries: number; bytesBilled: number }> {
  const text = await (await fetch(`${portal}/metrics`)).text();
  const sum = (start: string) =>
    text
      .split('\n')
      .filter(line => line.startsWith(start))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  return {
    queries: sum('tenantry_query_cache_total{outcome="miss"}'),
    bytesBilled: sum('tenantry_bigquery_bytes_billed_total'),
  };
}

/** Views the page again and again, a call of the data plane before each; nobody else may use the portal meanwhile. */
export async function repeatViews({ portal, dataPlane, apiKey, cookie, path }: Place): Promise<RepeatViews> {
  const visit = async (url: string, headers: Record<string, string>) => {
    const response = await fetch(url, { headers, redirect: 'manual' });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  };
  const call = () => visit(`${dataPlane}/v1/quota`, { authorization: `Bearer ${apiKey}` });
  const view = () => visit(portal + path, { cookie });
  await call();
  await sleep(settleMs);
  await view();
  const before = await spent(portal);
  for (let done = 0; done < viewCount; done++) {
    await call();
    await sleep(pauseMs);
    await view();
  }
  const after = await spent(portal);
  return {
    views: viewCount,
    queries: after.queries - before.queries,
    bytesBilled: after.bytesBilled - before.bytesBilled,
  };
}
