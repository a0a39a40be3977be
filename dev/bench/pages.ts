/** The demo's pages as their owner sees them: server time cold and from the cache, and the JavaScript of a first load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, gzipSync } from 'node:zlib';
import { type DemoPortal, view } from '@/dev/bench/demo-portal';
import { percentile } from '@/dev/bench/load';
import { type RepeatViews, repeatViews } from '@/dev/bench/repeat-views';

const paths = ['/', '/usage', '/keys'];
const coldViews = 2;
/** PAGE_ROWS_SHOWN_SECONDS and a little more. */
export const rowsShownMs = 31_000;
const cachedViews = 30;

export type PageFigures = {
  path: string;
  coldP50Ms: number;
  cachedP95Ms: number;
  scriptKb: number;
  repeat: RepeatViews;
};

async function scriptKb(portal: string, html: string): Promise<number> {
  const sources = [...html.matchAll(/<script[^>]+src="([^"]+\.js[^"]*)"(?![^>]*nomodule)/gi)].map(match => match[1]);
  let bytes = 0;
  for (const source of new Set(sources)) {
    const script = await (await fetch(new URL(source ?? '', portal))).arrayBuffer();
    bytes += gzipSync(Buffer.from(script), { level: constants.Z_BEST_COMPRESSION }).length;
  }
  return bytes / 1000;
}

/** Figures of the main pages. */
export async function pageFigures(demo: DemoPortal): Promise<PageFigures[]> {
  // A new version of the customer's data, and rows too old to be shown meanwhile, are what makes a view cold.
  const makeCold = () =>
    demo.database.query('UPDATE data_versions SET version = version + 1 WHERE customer_id = $1', [demo.customerId]);
  const figures: PageFigures[] = [];
  for (const path of paths) {
    const { html } = await view(demo, path);
    const cold: number[] = [];
    for (let i = 0; i < coldViews; i++) {
      await sleep(rowsShownMs);
      await makeCold();
      cold.push((await view(demo, path)).ms);
    }
    const cached: number[] = [];
    for (let i = 0; i < cachedViews; i++) cached.push((await view(demo, path)).ms);
    figures.push({
      path,
      coldP50Ms: percentile(cold, 0.5),
      cachedP95Ms: percentile(cached, 0.95),
      scriptKb: await scriptKb(demo.portal, html),
      repeat: await repeatViews({ ...demo, path }),
    });
  }
  return figures;
}
