/** Segment's SDK for browsers, as it is published, in Chromium on a page of another origin: settings, preflights and calls. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureChromium } from '@/dev/stack/services/chromium';
import { type MixedCall, mixedCalls, openSdkScene, rowsBeside, type SdkScene } from '@/dev/testing/events/sdk-scene';

const packageFile = fileURLToPath(import.meta.resolve('@segment/analytics-next/package.json'));
const bundle = readFileSync(join(dirname(packageFile), 'dist/umd/standalone.js'));

/** What a page holds before the bundle comes: the key, where to ask for settings, and calls that wait. */
const pageOf = (writeKey: string, cdn: string): string => `<!doctype html><title>Shop</title>
<script>window.analytics = Object.assign([], { _writeKey: '${writeKey}', _cdn: '${cdn}', _loadOptions: {} });</script>
<script src="/analytics.js"></script>`;

let scene: SdkScene;
let shop: Server;
let browser: Browser;
// Each try has a source of its own.
beforeEach(async () => {
  scene = await openSdkScene();
});
afterEach(() => scene.close());
beforeAll(async () => {
  shop = createServer((incoming, outgoing) => {
    const isScript = incoming.url === '/analytics.js';
    outgoing.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    outgoing.end(isScript ? bundle : pageOf(scene.source.writeKey, scene.url));
  });
  await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve));
  const executablePath = ensureChromium(line => process.stderr.write(`${line}\n`));
  browser = await chromium.launch({ executablePath });
});
afterAll(async () => {
  await browser.close();
  shop.closeAllConnections();
  shop.close();
});

/** Runs in the page: makes the calls a few at a time, and answers how many the SDK has delivered. */
async function sendAll(calls: MixedCall[]): Promise<number> {
  type Sdk = Record<string, (...given: unknown[]) => Promise<{ failedDelivery?: () => unknown }>>;
  const { analytics } = window as unknown as { analytics: Sdk };
  const sdk = analytics;
  const send = (call: MixedCall) => {
    const user = { anonymousId: `anonymous-of-${call.userId}` };
    if (call.type === 'identify') return sdk.identify?.(call.userId, call.traits, user);
    if (call.type === 'track') return sdk.track?.(call.event, call.properties, { ...user, userId: call.userId });
    if (call.type === 'page') return sdk.page?.(null, call.name, call.properties, { ...user, userId: call.userId });
    if (call.type === 'screen') return sdk.screen?.(null, call.name, call.properties, { ...user, userId: call.userId });
    if (call.type === 'group') return sdk.group?.(call.groupId, call.traits, { ...user, userId: call.userId });
    return sdk.alias?.(call.userId, call.previousId, user);
  };
  let delivered = 0;
  for (let from = 0; from < calls.length; from += 20) {
    const sent = await Promise.all(calls.slice(from, from + 20).map(send));
    delivered += sent.filter(context => context && !context.failedDelivery?.()).length;
  }
  return delivered;
}

async function openShop(): Promise<{ page: Page; asked: string[]; problems: string[] }> {
  const page = await browser.newPage();
  const [asked, problems]: [string[], string[]] = [[], []];
  page.on('request', request => asked.push(new URL(request.url()).origin));
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'initialized' in (window as unknown as { analytics: object }).analytics);
  await page.waitForFunction(
    () => (window as unknown as { analytics: { initialized?: boolean } }).analytics.initialized,
  );
  return { page, asked, problems };
}

test('1,000 mixed calls of @segment/analytics-next are equal rows, and nothing is asked of anybody else', async () => {
  const { page, asked, problems } = await openShop();
  const calls = mixedCalls(1_000);
  expect(await page.evaluate(sendAll, calls)).toBe(1_000);
  expect(problems).toEqual([]);
  expect([...new Set(asked)].filter(origin => !origin.startsWith('http://127.0.0.1'))).toEqual([]);
  const { found, expected } = await rowsBeside(scene, calls, { withUserId: false });
  expect(found).toEqual(expected);
  await page.close();
});
