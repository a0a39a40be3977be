/** Charts: read by mouse, keys and finger; any days, compared with the days before; broken down by pipeline and key; without JavaScript. */
import { type Browser, expect, type Locator, type Page } from '@playwright/test';
import { formatDay } from '@/app/_ui/format';
import { insertPastDays, insertPastRuns } from '@/dev/testing/runs';
import { demo, personWithRole } from '@/e2e/demo';
import { firstLoadBytes, lookAt, lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { addDays, daysFrom, utcDay } from '@/lib/platform/clock';

test.use({ plan: 'PROFESSIONAL' });

const today = utcDay(new Date());
const ago = (days: number): string => addDays(today, -days);
const main = (page: Page): Locator => page.getByRole('main');
const chart = (page: Page): Locator => page.getByRole('slider', { name: /^Runs/ });
const tip = (page: Page): Locator => page.locator('.chart-tip:visible');

/** Measured: yesterday and 10 days before it, and 10 days of the 30 before. Runs of six pipelines lie two days ago. */
async function fill(organization: Organization): Promise<void> {
  const day = (usageDate: string) => ({ usageDate, runs: 5, succeeded: 4, failed: 1, refused: 2 });
  await insertPastDays(organization.customerId, [...daysFrom(ago(11), 11), ...daysFrom(ago(45), 10)].map(day));
  const pipelines = ['costs', 'costs', 'costs', 'usage', 'usage', 'loads', 'bills', 'seats', 'mails'];
  await insertPastRuns(
    organization,
    pipelines.map((pipelineId, index) => ({
      pipelineId,
      status: index === 0 ? 'FAILED' : 'COMPLETED',
      startTime: new Date(Date.parse(`${ago(2)}T00:00:00Z`) + index * 60_000),
      durationMs: 1_000,
      errorMessage: index === 0 ? 'boom' : undefined,
    })),
  );
}

/** Starts a run as a worker with the key does. */
async function startByKey(page: Page, key: string): Promise<void> {
  const data = { pipeline_id: 'keyed', trigger_type: 'api', trigger_by: 'e2e' };
  const headers = { authorization: `Bearer ${key}` };
  expect((await page.request.post(`${demo().dataPlane}/v1/runs`, { headers, data })).ok()).toBe(true);
}

async function openUntil(page: Page, path: string, shows: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await shows();
  }).toPass({ timeout: 90_000 });
}

/** Another window of whoever is signed in on `page`. */
async function another(browser: Browser, page: Page, options: object): Promise<Page> {
  const context = await browser.newContext({ baseURL: demo().portal, ...options });
  await context.addCookies(await page.context().cookies());
  return context.newPage();
}

test('a chart of runs is read by the whole column, for any days, beside the days before, by pipeline and by key', async ({
  browser,
  organization,
  page,
}) => {
  test.setTimeout(300_000);
  const violations = policyViolations(page);
  await fill(organization);
  await startByKey(page, await organization.createKey('runs:write'));
  await signIn(page, organization.person('VIEWER'), '/usage');
  await openUntil(page, '/usage', async () => {
    await expect(main(page)).toContainText('56 runs, 11 failed, 22 starts refused.', { timeout: 500 });
  });

  await test.step('days that were not measured are a sentence and one row, and the chart begins after them', async () => {
    const left = `${formatDay(ago(29))} – ${formatDay(ago(12))}`;
    await expect(main(page)).toContainText(`Not measured: ${left}.`);
    await expect(page.getByRole('row', { name: new RegExp(left) })).toHaveCount(1);
    await expect(chart(page)).toHaveAttribute('aria-valuemax', '12');
    expect(await firstLoadBytes(page, '/usage')).toBeLessThanOrEqual(150_000);
  });

  await test.step('the mouse reads a column anywhere in it, also where there is no bar', async () => {
    await chart(page).hover({ position: { x: 5, y: 3 } });
    await expect(tip(page)).toContainText(formatDay(ago(11)));
    for (const text of [/Succeeded\s*4/, /Failed\s*1/, /Refused\s*2/, /Total\s*7/, /25$/])
      await expect(tip(page)).toContainText(text);
    await lookAt(page, 'chart-hovered-1440-light');
    await page.mouse.move(5, 5);
    await expect(tip(page)).toHaveCount(0);
  });

  await test.step('keys read it column by column from one tab stop', async () => {
    await chart(page).focus();
    await page.keyboard.press('End');
    await expect(chart(page)).toHaveAttribute('aria-valuetext', new RegExp(`^${formatDay(today)} \\(so far\\): `));
    await page.keyboard.press('ArrowLeft');
    await expect(chart(page)).toHaveAttribute(
      'aria-valuetext',
      new RegExp(`^${formatDay(ago(1))}: .*Succeeded 4, .*Failed 1, .*Refused 2, Total 7, limit 25`),
    );
    await page.keyboard.press('Home');
    await expect(chart(page)).toHaveAttribute('aria-valuenow', '1');
    await page.keyboard.press('End');
    await expect(chart(page)).toHaveAttribute('aria-valuenow', '12');
    await expect(tip(page)).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(tip(page)).toHaveCount(0);
    await page.keyboard.press('Tab');
    await expect(chart(page)).not.toBeFocused();
  });

  await test.step('a finger reads the column that it touches', async () => {
    const touched = await another(browser, page, { hasTouch: true, viewport: { width: 390, height: 844 } });
    await touched.goto('/usage');
    await expect(chart(touched)).toHaveAttribute('aria-valuemax', '12');
    await chart(touched).tap({ position: { x: 4, y: 100 } });
    await expect(tip(touched)).toContainText(formatDay(ago(11)));
    await lookAt(touched, 'chart-touched-390-light');
    await touched.context().close();
  });

  await test.step('the days before are a line, a sentence and a column; percent only where both were measured whole', async () => {
    await page.getByLabel('Compare with').selectOption('The period before');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveURL(/compare=before/);
    await expect(main(page)).toContainText(
      /Against .* \(50 runs\); measured were 10 of 30 days then and 12 of 30 now\./,
    );
    await page.goto(`/usage?from=${ago(5)}&to=${ago(1)}&compare=before`);
    await expect(main(page)).toContainText(/The same as in .* \(25 runs\)\./);
    await chart(page).focus();
    await expect(tip(page)).toContainText(`7 on ${formatDay(ago(6))}`);
    await lookTwice(page, 'chart-compared');
  });

  await test.step('days are chosen one by one; what cannot be shown says why and stays in the form', async () => {
    await page.goto('/usage');
    await page.getByLabel('From day (UTC)').fill(ago(3));
    await page.getByLabel('To day (UTC)').fill(ago(2));
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(main(page)).toContainText('10 runs, 2 failed, 4 starts refused.');
    await page.getByLabel('To day (UTC)').fill(ago(4));
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(main(page)).toContainText('The first day comes after the last one. These are the last 30 days.');
    await expect(page.getByLabel('From day (UTC)')).toHaveValue(ago(3));
    await expect(page.getByLabel('To day (UTC)')).toHaveValue(ago(4));
    await page.goto('/usage?from=2020-01-01');
    await expect(main(page)).toContainText('Choose at most 366 days.');
    await page.goto(`/usage?from=${ago(300)}&to=${ago(250)}`);
    await expect(main(page)).toContainText('Nothing was measured.');
  });

  await test.step('runs by pipeline are the four with most and the others, and each leads to as many runs', async () => {
    await page.goto('/usage');
    await page.getByLabel('Break down by').selectOption('Pipeline');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(main(page)).toContainText(/10 runs of 7 pipelines, 1 failed\./);
    await expect(main(page)).toContainText('Other (3 pipelines)');
    await lookTwice(page, 'chart-by-pipeline');
    await page.getByRole('link', { name: '3 runs of costs' }).click();
    await expect(page).toHaveURL(/\/runs\?.*pipeline=costs/);
    await expect(page.getByRole('table', { name: 'Runs' }).locator('tbody').getByRole('row')).toHaveCount(3);
  });

  await test.step('runs by key name the key; runs of nobody’s key lead nowhere', async () => {
    await page.goto('/usage?by=key');
    await expect(main(page)).toContainText('No key (people, schedules)');
    await page.getByRole('link', { name: '1 runs of worker' }).click();
    await expect(page.getByRole('table', { name: 'Runs' }).locator('tbody').getByRole('row')).toHaveCount(1);
  });

  await test.step('the last 24 hours are told by the hour', async () => {
    await page.goto('/usage');
    await page.getByRole('link', { name: '24 hours' }).click();
    await expect(chart(page)).toHaveAttribute('aria-valuemax', '24');
    await expect(main(page)).toContainText('Runs, last 24 hours (UTC)');
    await expect(main(page)).toContainText(/1 run, 0 failed\./);
  });
  expect(violations).toEqual([]);
});

test('without JavaScript the chart, its table, the form and the links are all there', async ({
  browser,
  organization,
  page,
}) => {
  test.setTimeout(120_000);
  await fill(organization);
  await signIn(page, organization.person('VIEWER'), '/usage');
  const plain = await another(browser, page, { javaScriptEnabled: false });
  await openUntil(plain, '/usage', async () => {
    await expect(main(plain)).toContainText('55 runs, 11 failed', { timeout: 500 });
  });
  await expect(chart(plain)).toHaveCount(0);
  await expect(plain.getByRole('img', { name: /^Runs, last 30 days/ })).toBeVisible();
  await plain.getByLabel('Compare with').selectOption('The period before');
  await plain.getByLabel('From day (UTC)').fill(ago(5));
  await plain.getByLabel('To day (UTC)').fill(ago(1));
  await plain.getByRole('button', { name: 'Apply' }).click();
  await expect(main(plain)).toContainText(/The same as in .* \(25 runs\)\./);
  await plain.getByText('Show as table').click();
  const row = plain.getByRole('row', { name: new RegExp(`^${formatDay(ago(1))} `) }).first();
  await expect(row).toContainText(`7 on ${formatDay(ago(6))}`);
  await plain.context().close();
});

test('what is read in one chart of a page is marked in the others', async ({ page }) => {
  await signIn(page, personWithRole('OWNER'), '/sources');
  const hrefs = await main(page)
    .getByRole('link')
    .evaluateAll(links => links.map(link => link.getAttribute('href')));
  const source = hrefs.find(href => /^\/sources\/src_/.test(href ?? ''))?.split('/')[2];
  await page.goto(`/sources/${source}/volume?days=7`);
  const [events, month] = [page.getByRole('slider').first(), page.getByRole('slider').last()];
  await events.focus();
  await page.keyboard.press('End');
  await expect(events.locator('.chart-tip')).toBeVisible();
  await expect(month.locator('.chart-cross')).toBeVisible();
  await expect(month.locator('.chart-tip')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(month.locator('.chart-cross')).toBeHidden();
});
