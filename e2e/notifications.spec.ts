/** Notifications: what a person turns off stays off, what is on arrives in the local inbox once, in both themes and without JavaScript. */
import { expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

const path = '/settings/notifications';

test.use({ plan: 'PROFESSIONAL' });

const choice = (page: Page, title: string) => page.getByRole('checkbox', { name: `${title} by mail` });
async function choose(page: Page, title: string, on: boolean): Promise<void> {
  await page.goto(path);
  await choice(page, title).setChecked(on);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
}

type Received = { to: string[]; subject: string; text: string };
/** Mails whose subject holds `words`, as the local inbox has them. */
async function inbox(words: string): Promise<Received[]> {
  const response = await fetch(`${demo().mail}/emails`, { headers: { authorization: 'Bearer re_e2e' } });
  const { data } = (await response.json()) as { data: Received[] };
  return data.filter(mail => mail.subject.includes(words));
}

/** Starts a run of the pipeline and ends it as failed. */
async function failRun(key: string, pipelineId: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const post = async (url: string, body: object) => {
    const response = await fetch(`${demo().portal}${url}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.status, await response.clone().text()).toBeLessThan(300);
    return (await response.json()) as { pipeline_logging_id: string };
  };
  const run = await post('/v1/runs', { pipeline_id: pipelineId, trigger_type: 'api', trigger_by: 'e2e' });
  await post(`/v1/runs/${run.pipeline_logging_id}/complete`, { status: 'FAILED', error_message: 'table not found' });
}

test('a failed run is mailed once to those who want it, and not to the admin who turned it off', async ({
  organization,
  page,
}) => {
  const [owner, admin] = [organization.person('OWNER'), organization.person('ADMIN')];
  const key = await organization.createKey('runs:write');
  await signIn(page, admin, path);
  await choose(page, 'Run failed', false);
  await page.reload();
  await expect(choice(page, 'Run failed')).not.toBeChecked();
  const pipeline = `e2e_${Date.now().toString(36)}`;
  await failRun(key, pipeline);
  await failRun(key, pipeline);
  await expect.poll(async () => (await inbox(pipeline)).some(mail => mail.to.includes(owner))).toBe(true);
  // A round of the worker later, when a second one would have come.
  await page.waitForTimeout(3_000);
  const mails = await inbox(pipeline);
  expect(mails.filter(mail => mail.to.includes(owner))).toHaveLength(1);
  expect(mails.filter(mail => mail.to.includes(admin))).toHaveLength(0);
  expect(mails[0]?.text).toContain('table not found');
  await choose(page, 'Run failed', true);
});

test('a viewer is asked only about what viewers may see; news of one’s own access is always on', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('VIEWER'), path);
  await expect(page.getByRole('checkbox')).toHaveCount(9);
  await expect(page.getByRole('row', { name: /AI budget at 80 %/ }).getByRole('checkbox')).not.toBeChecked();
  await expect(page.getByRole('row', { name: /Role changed/ })).toContainText('Always on');
  await expect(page.getByRole('row', { name: /Payment failed/ })).toHaveCount(0);
});

test('choosing works without JavaScript', async ({ organization, browser, page }) => {
  await signIn(page, organization.person('COLLABORATOR'), path);
  const cookies = await page.context().cookies();
  const context = await browser.newContext({ baseURL: demo().portal, javaScriptEnabled: false });
  await context.addCookies(cookies);
  const plain = await context.newPage();
  for (const on of [true, false]) {
    await choose(plain, 'Daily runs at 100 %', on);
    await plain.goto(path);
    await expect(choice(plain, 'Daily runs at 100 %')).toBeChecked({ checked: on });
  }
  await context.close();
});
