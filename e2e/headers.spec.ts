/** What every page says to the browser: a strict policy with a nonce of its own, and nothing inline without it. */
import { Agent, get, type IncomingMessage } from 'node:http';
import { type APIResponse, expect, type Page, test } from '@playwright/test';
import { demo, personWithRole } from '@/e2e/demo';
import { memberPages, publicPages } from '@/e2e/pages';
import { signIn } from '@/e2e/sign-in';

const directive = (policy: string, name: string) => policy.split('; ').find(part => part.startsWith(`${name} `)) ?? '';

function expectHeaders(answer: APIResponse, path: string): string {
  const headers = answer.headers();
  const policy = headers['content-security-policy'] ?? '';
  expect(headers, path).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'x-request-id': expect.stringMatching(/^[A-Za-z0-9_-]{8,64}$/),
  });
  expect(headers['permissions-policy'], path).toContain('camera=()');
  expect(headers['x-powered-by'], path).toBeUndefined();
  expect(directive(policy, 'script-src'), path).toMatch(
    /^script-src 'self' 'nonce-[A-Za-z0-9+/=]{22,}' 'strict-dynamic'$/,
  );
  expect(directive(policy, 'default-src'), path).toBe("default-src 'self'");
  expect(directive(policy, 'style-src'), path).toBe("style-src 'self'");
  for (const name of ['object-src', 'base-uri', 'frame-ancestors'])
    expect(directive(policy, name), path).toContain("'none'");
  return /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
}

async function expectStrictPage(page: Page, path: string, nonces: Set<string>): Promise<void> {
  const answer = await page.request.get(path);
  const nonce = expectHeaders(answer, path);
  expect(nonces.has(nonce), `${path} has a nonce of its own`).toBe(false);
  nonces.add(nonce);
  const html = await answer.text();
  const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(match => match[1] ?? '');
  expect(scripts.length, path).toBeGreaterThan(0);
  expect(
    scripts.filter(attributes => !attributes.includes(`nonce="${nonce}"`)),
    `${path}: scripts without the nonce`,
  ).toEqual([]);
  expect(html.match(/<style\b/g) ?? [], `${path}: style elements`).toEqual([]);
  expect(html.match(/\son[a-z]+="/g) ?? [], `${path}: inline handlers`).toEqual([]);
  expect(html.match(/(?:href|action|src)="javascript:/gi) ?? [], `${path}: script addresses`).toEqual([]);
}

test('public pages have strict headers, and no script without the nonce of the answer', async ({ page }) => {
  const nonces = new Set<string>();
  for (const path of publicPages) await expectStrictPage(page, path, nonces);
});

test('every page of a member has them too', async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, personWithRole('OWNER'));
  const nonces = new Set<string>();
  for (const path of memberPages()) await expectStrictPage(page, path, nonces);
});

test('answers of the API may not be sniffed, framed or kept', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'));
  for (const path of ['/api/keys', '/api/audit', '/api/audit?format=csv', '/v1/openapi.json']) {
    const headers = (await page.request.get(path)).headers();
    expect(headers, path).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    if (path.startsWith('/api/')) expect(headers['cache-control'], path).toBe('no-store');
  }
});

test('the session cookie is for this host alone and out of scripts’ reach; signing in again makes a new one', async ({
  page,
  context,
}) => {
  const session = async () => (await context.cookies()).find(cookie => cookie.name.endsWith('tenantry.session'));
  await signIn(page, personWithRole('OWNER'));
  const first = await session();
  expect(first).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/', domain: new URL(page.url()).hostname });
  expect(first?.secure).toBe(page.url().startsWith('https:'));
  expect(await page.evaluate(() => document.cookie)).not.toContain('session');
  await page.request.post('/api/session/sign-out', { headers: { origin: new URL(page.url()).origin } });
  expect(await session()).toBeUndefined();
  await context.addCookies(first ? [first] : []);
  await page.goto('/keys');
  await expect(page, 'a copy of the cookie of a session that was signed out').toHaveURL(/\/signin/);
  await signIn(page, personWithRole('OWNER'));
  expect((await session())?.value).not.toBe(first?.value);
});

test('a form sent from another site changes nothing', async ({ page }) => {
  await signIn(page, personWithRole('ADMIN'), '/keys/new');
  const name = `foreign-${Date.now().toString(36)}`;
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  const fields = await page
    .locator('form')
    .filter({ has: page.getByRole('textbox', { name: 'Name' }) })
    .evaluate(form =>
      Object.fromEntries([...new FormData(form as HTMLFormElement)].map(([key, value]) => [key, String(value)])),
    );
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const answer = await page.request.post('/keys/new', { multipart: fields, headers });
  expect(await answer.text()).not.toMatch(/ty_live_[0-9A-Za-z]{38}/);
  await page.goto(`/keys?q=${name}`);
  await expect(page.getByText('No key matches these filters.')).toBeVisible();
});

test('portal and data plane keep a caller’s connection longer than a load balancer does', async () => {
  for (const address of [`${demo().portal}/api/health`, `${demo().dataPlane}/health`]) {
    const { headers } = await new Promise<IncomingMessage>((resolve, reject) => {
      get(address, { agent: new Agent({ keepAlive: true }) }, answer => {
        answer.resume().on('end', () => resolve(answer));
      }).on('error', reject);
    });
    expect(headers['keep-alive'], address).toBe('timeout=620');
  }
});
