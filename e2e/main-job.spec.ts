import { expect } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

test('an admin creates a key, a worker runs until the plan’s limit refuses, and the admin sees it', async ({
  organization,
  page,
  request,
}) => {
  test.setTimeout(90_000);
  const { dataPlane } = demo();
  await signIn(page, organization.person('OWNER'), '/keys/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('e2e-worker');
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByLabel('API key', { exact: true }).inputValue();
  expect(secret).toMatch(/^ty_live_/);

  const post = (path: string, data: object) =>
    request.post(`${dataPlane}/v1/runs${path}`, { headers: { authorization: `Bearer ${secret}` }, data });
  const start = () => post('', { pipeline_id: 'e2e', trigger_type: 'api', trigger_by: 'e2e' });
  let answer = await start();
  let before: string | undefined;
  for (let tries = 0; answer.status() === 201 && tries < 10; tries++) {
    // The last one goes on: few may run at once, and Overview shows what runs.
    if (before) expect((await post(`/${before}/complete`, { status: 'COMPLETED' })).status()).toBe(200);
    before = (await answer.json()).pipeline_logging_id;
    answer = await start();
  }
  expect(answer.status()).toBe(429);
  expect(await answer.json()).toMatchObject({ code: 'quota_exceeded', runs_today: 6, daily_limit: 6 });
  expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);

  page.on('dialog', dialog => dialog.accept());
  await page.goto('/usage');
  await expect(page.getByText('Daily run limit reached: 6 of 6.', { exact: false })).toBeVisible();
  await expect(async () => {
    await page.goto('/');
    await expect(page.getByRole('main')).toContainText('e2e');
    // Rows may be 30 s old on a page.
  }).toPass({ timeout: 45_000 });
});
