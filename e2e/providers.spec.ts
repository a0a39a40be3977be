/** Providers and credentials: from a stored credential to a scheduled run that fails and is told; who may do what; without JavaScript. */
import { type Browser, expect, type Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { openaiAccount } from '@/dev/testing/providers/cloud-accounts';
import { demo } from '@/e2e/demo';
import { firstLoadBytes, lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { linkInMail } from '@/e2e/run-mail';
import { signIn } from '@/e2e/sign-in';
import { credentialKinds } from '@/lib/domains/credentials/rules';
import { configProviders } from '@/lib/domains/providers/rules';
import { providerConfigs } from '@/lib/domains/providers/tables';
import { db } from '@/lib/platform/db';

test.use({ plan: 'PROFESSIONAL' });

const main = (page: Page) => page.getByRole('main');
const unique = (name: string) => `${name}-${Date.now().toString(36)}`;

/** Calls the data plane as a worker. */
async function work(key: string, method: string, path: string, body?: object) {
  const response = await fetch(`${demo().dataPlane}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  expect(response.status, `${path}: ${text}`).toBeLessThan(300);
  return (text ? JSON.parse(text) : {}) as Record<string, unknown>;
}

/** Stores an OpenAI key by its form, tested first. */
async function addCredential(page: Page, name: string, secret: string, button = 'Test and save'): Promise<void> {
  await page.goto('/credentials');
  await page.getByRole('link', { name: 'Add credential' }).first().click();
  await page.getByRole('link', { name: /OpenAI/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByLabel('API key').fill(secret);
  await page.getByRole('button', { name: button }).click();
}

/** Fills the form of a provider that runs daily at 02:00 in Berlin. */
async function addProvider(page: Page, name: string): Promise<void> {
  await page.goto('/providers/new?provider=OPENAI');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByLabel('Runs by itself').check();
  await page.getByRole('textbox', { name: 'Schedule' }).fill('0 2 * * *');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByRole('textbox', { name: 'Parameters' }).fill('{ "project": "acme" }');
  await page.getByRole('button', { name: 'Add provider' }).click();
  await expect(main(page)).toContainText(`${name} is stored and on.`);
}

/** As if the time of its schedule came now: it has missed yesterday’s. */
async function letTimePass(configId: string): Promise<void> {
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await db().update(providerConfigs).set({ nextRunAt: yesterday }).where(eq(providerConfigs.configId, configId));
}

const workerKey = (organization: Organization) =>
  organization.createKey('runs:write', 'runs:read', 'providers:read', 'credentials:read');

test('a credential is tested and stored, a provider runs with it on schedule, and its failure is told', async ({
  organization,
  page,
}) => {
  test.setTimeout(180_000);
  const owner = organization.person('OWNER');
  const [credential, provider] = [unique('openai-production'), unique('model costs')];
  const secret = (await openaiAccount()).secret.api_key;
  const violations = policyViolations(page);
  await signIn(page, owner, '/credentials');
  await expect(main(page)).toContainText('No credentials yet.');
  await lookTwice(page, 'credentials-none');

  await addCredential(page, credential, secret);
  await expect(main(page)).toContainText('The credential is stored. The connection test passed.');
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Healthy');
  expect(await page.content()).not.toContain(secret.slice(8, 40));
  await lookTwice(page, 'credential-healthy');

  await page.goto('/providers');
  await expect(main(page)).toContainText('No providers yet.');
  await expect(main(page)).toContainText('0 of 6');
  await lookTwice(page, 'providers-none');
  await addProvider(page, provider);
  const configId = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');
  const schedule = page.getByRole('region', { name: 'Schedule' });
  await expect(schedule).toContainText('Every day at 02:00, Europe/Berlin');
  await expect(schedule.getByRole('listitem')).toHaveCount(5);
  await lookTwice(page, 'provider-scheduled');
  expect(await firstLoadBytes(page, `/providers/${configId}/edit`)).toBeLessThanOrEqual(150_000);

  await letTimePass(configId);
  const key = await workerKey(organization);
  const run = await work(key, 'POST', '/v1/runs/claim', { worker_instance: 'worker-7', wait_seconds: 20 });
  expect(run).toMatchObject({ config_id: configId });
  const config = await work(key, 'GET', `/v1/provider-configs/${configId}`);
  expect(config).toMatchObject({ pipeline_id: run.pipeline_id, default_parameters: { project: 'acme' } });
  const fetched = await work(key, 'GET', `/v1/credentials/${String(config.credential_id)}`);
  expect(fetched).toMatchObject({ name: credential, secret: { api_key: secret } });
  const message = 'The project has no usage export.';
  await work(key, 'POST', `/v1/runs/${String(run.pipeline_logging_id)}/complete`, {
    status: 'FAILED',
    error_message: message,
  });

  await page.goto(await linkInMail(String(run.pipeline_id), owner));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(String(run.pipeline_id));
  await expect(main(page)).toContainText(message);
  await page.getByRole('region', { name: 'Quota and origin' }).getByRole('link', { name: provider }).click();
  const runs = page.getByRole('region', { name: 'Runs' });
  await expect(runs).toContainText('Failed');
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(main(page)).toContainText('1 run queued. A worker that claims runs starts it.');
  expect(violations).toEqual([]);
});

test('what the provider refuses is not stored, and bad input is named without the secret', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('ADMIN'), '/credentials');
  const secret = `sk-${'w'.repeat(24)}${Date.now()}`;
  await addCredential(page, 'wrong', secret);
  await expect(page.getByRole('alert').first()).toContainText('The provider refused this secret');
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('wrong');
  await expect(page.getByLabel('API key')).toHaveValue('');
  expect(await page.content()).not.toContain(secret);
  await lookTwice(page, 'credential-refused');

  await page.goto('/credentials/new?kind=gcp_service_account');
  await page.getByRole('textbox', { name: 'Name' }).fill('prod-gcp');
  const file = JSON.stringify({ type: 'service_account', project_id: 'acme', private_key_id: 'ab', client_email: 'x' });
  await page.getByLabel('Or choose the file').setInputFiles({
    name: 'key.json',
    mimeType: 'application/json',
    buffer: Buffer.from(file),
  });
  await page.getByRole('button', { name: 'Save without testing' }).click();
  await expect(main(page)).toContainText('private_key');

  await page.goto('/providers/new?provider=GCP');
  await page.getByRole('textbox', { name: 'Name' }).fill('costs');
  await page.getByLabel('Runs by itself').check();
  await page.getByRole('textbox', { name: 'Schedule' }).fill('0 0 2 * * *');
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await page.getByRole('textbox', { name: 'Parameters' }).fill('{\n  "region": EU\n}');
  await page.getByRole('button', { name: 'Add provider' }).click();
  await expect(main(page)).toContainText(/line 2/i);
  await page.getByRole('textbox', { name: 'Parameters' }).fill('{}');
  await page.getByRole('button', { name: 'Add provider' }).click();
  await expect(main(page)).toContainText('It has six fields.');
  await expect(main(page)).toContainText('This is not a time zone');
  await lookTwice(page, 'provider-refused');
});

async function plainPage(browser: Browser, organization: Organization, page: Page): Promise<Page> {
  await signIn(page, organization.person('COLLABORATOR'), '/providers');
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await context.addCookies(await page.context().cookies());
  return context.newPage();
}

test('without JavaScript providers are added, turned off and on, copied and deleted, up to what the plan has', async ({
  organization,
  browser,
  page,
}) => {
  test.setTimeout(120_000);
  const plain = await plainPage(browser, organization, page);
  for (let index = 1; index <= 6; index++) await addProvider(plain, `provider ${index}`);
  await plain.goto('/providers');
  await expect(main(plain)).toContainText('All 6 providers are in use. Turn one off or change the plan.');
  await plain.getByRole('button', { name: 'Turn off provider 3' }).click();
  await expect(main(plain)).toContainText('provider 3 is off.');
  await expect(main(plain)).toContainText('5 of 6');
  await plain.getByRole('button', { name: 'Undo' }).click();
  await expect(main(plain)).toContainText('provider 3 is on.');
  await plain.getByRole('link', { name: 'provider 3' }).first().click();
  await plain.goto(`${new URL(plain.url()).pathname}/duplicate`);
  await plain.getByRole('button', { name: 'Duplicate' }).click();
  await expect(main(plain)).toContainText('is a copy and off');
  await plain.getByRole('button', { name: /^Turn on/ }).click();
  await expect(main(plain)).toContainText('All 6 providers are in use.');
  await plain.goto(`${new URL(plain.url()).pathname}/delete`);
  await plain.getByRole('button', { name: 'Delete provider' }).click();
  await expect(main(plain)).toContainText('The provider config was deleted.');
  await plain.context().close();
});

test('a viewer sees providers and health without controls; a collaborator stores no credentials', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('ADMIN'), '/credentials');
  await addCredential(page, 'seen', `sk-${'v'.repeat(30)}`, 'Save without testing');
  await expect(main(page)).toContainText('Never tested');
  await addProvider(page, 'seen provider');
  await page.context().clearCookies();
  await signIn(page, organization.person('VIEWER'), '/credentials');
  await expect(page.getByText(/^View only\. Admins: /)).toBeVisible();
  await page.getByRole('link', { name: 'seen', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('seen');
  for (const path of ['/credentials', '/providers', new URL(page.url()).pathname]) {
    await page.goto(path);
    await expect(main(page).getByRole('button', { name: /Turn|Test|Run now|Actions/ })).toHaveCount(0);
    await expect(main(page).getByRole('link', { name: /Add|Edit|Replace|Rotate|Delete/ })).toHaveCount(0);
  }
  await lookTwice(page, 'credential-viewer');
  await page.goto('/providers/new');
  await expect(main(page)).toContainText('Only owners, admins and collaborators can add providers.');
  await page.goto('/credentials/new');
  await expect(main(page)).toContainText('Only admins can add credentials.');
  await page.context().clearCookies();
  await signIn(page, organization.person('COLLABORATOR'), '/credentials/new?kind=openai_api_key');
  await expect(main(page)).toContainText('Only admins can add credentials.');
  await expect(page.getByLabel('API key')).toHaveCount(0);
});

test('the form of every kind of credential and of every provider passes', async ({ organization, page }) => {
  test.setTimeout(180_000);
  await signIn(page, organization.person('OWNER'), '/credentials/new');
  for (const kind of credentialKinds) {
    await page.goto(`/credentials/new?kind=${kind}`);
    await expect(page.getByRole('button', { name: 'Test and save' })).toBeVisible();
    await lookTwice(page, `credential-new-${kind}`);
  }
  for (const provider of configProviders) {
    await page.goto(`/providers/new?provider=${provider}`);
    await expect(page.getByRole('button', { name: 'Add provider' })).toBeVisible();
    await lookTwice(page, `provider-new-${provider}`);
  }
  expect(await firstLoadBytes(page, '/providers/new?provider=GCP')).toBeLessThanOrEqual(150_000);
  expect(await firstLoadBytes(page, '/credentials/new?kind=aws_role')).toBeLessThanOrEqual(150_000);
});
