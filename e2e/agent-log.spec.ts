/** The agent log: from the first call of a tool that a key sends to its session and its error; content, files, masking, a viewer. */
import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { firstLoadBytes, lookTwice, policyViolations } from '@/e2e/look';
import { type Organization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';
import { untilShown } from '@/e2e/until-shown';

test.use({ plan: 'PROFESSIONAL' });

const main = (page: Page) => page.getByRole('main');
const commit = 'ab'.repeat(20);

/** Sends as curl in the snippet does. */
async function send(key: string, path: 'events' | 'snapshots', items: object[]): Promise<void> {
  const response = await fetch(`${demo().dataPlane}/v1/agent/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(items),
  });
  expect(response.status, await response.text()).toBe(200);
}

const event = (secondsAgo: number, event_type: string, more: object = {}) => ({
  event_id: randomUUID(),
  event_timestamp: new Date(Date.now() - secondsAgo * 1_000).toISOString(),
  session_id: 'session-one',
  user_id: 'mia@example.com',
  event_type,
  ...more,
});

/** A session that asks, lists tables and fails at a query; a call of it still runs. */
async function sendSession(organization: Organization): Promise<void> {
  const key = await organization.createKey('agent-log:write');
  const repository = { repo_url: 'https://github.com/acme/shop', commit_hash: commit };
  const list = { execution_id: 'list', tool_name: 'bq_list_tables' };
  const query = { execution_id: 'query', tool_name: 'bq_query' };
  await send(key, 'snapshots', [{ ...repository, indexed_at: new Date().toISOString(), file_count: 812 }]);
  await send(key, 'events', [
    event(60, 'message_sent', {
      content: { text: 'What did we sell? sk-aaaaaaaaaaaaaaaaaaaaaaaa' },
      metadata: repository,
    }),
    event(50, 'tool_start', { content: { dataset: 'sales' }, metadata: list }),
    event(48, 'tool_end', { metadata: { ...list, status: 'success' } }),
    event(40, 'tool_start', { content: { sql: 'SELECT 1' }, metadata: query }),
    event(30, 'tool_end', { metadata: { ...query, status: 'failure', error_message: 'Table 17 not found' } }),
    event(20, 'tool_start', { metadata: { execution_id: 'open', tool_name: 'run_tests' } }),
  ]);
}

test('the first session appears by tool, its failure is found from Errors, and what was said is shown when asked for', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  const violations = policyViolations(page);
  await signIn(page, organization.person('OWNER'), '/agent-log');
  await expect(main(page)).toContainText('No events of agents yet.');
  await expect(page.getByRole('group', { name: 'curl snippet' })).toContainText(`${demo().dataPlane}/v1/agent/events`);
  await lookTwice(page, 'agent-log-none');

  await sendSession(organization);
  await untilShown(page, 'run_tests');
  await expect(page.getByRole('row', { name: /bq_query/ }).first()).toContainText('Table 17 not found');
  await expect(main(page)).toContainText('few calls');
  await expect(page.getByRole('group', { name: 'Calls without an end' })).toContainText('Running');
  expect(await firstLoadBytes(page, '/agent-log')).toBeLessThanOrEqual(150_000);
  await lookTwice(page, 'agent-log-tools');

  await page.getByRole('navigation', { name: 'Agent log' }).getByRole('link', { name: 'Errors' }).click();
  await expect(page.getByRole('row', { name: /Table 17 not found/ })).toContainText('bq_query');
  await page.getByRole('link', { name: 'Newest session' }).click();
  await expect(page.getByRole('region', { name: 'What failed' })).toContainText('Table 17 not found');
  await expect(main(page)).toContainText('What was said is hidden');
  await expect(main(page)).not.toContainText('What did we sell?');
  await page.getByRole('link', { name: 'Show content' }).click();
  await page.getByText('Message', { exact: true }).first().click();
  await expect(main(page)).toContainText('What did we sell?');
  await expect(main(page)).not.toContainText('sk-aaaa');
  await lookTwice(page, 'agent-log-session');

  await page.getByRole('link', { name: /acme\/shop at/ }).click();
  await expect(page.getByRole('row', { name: /acme\/shop/ })).toContainText('812');
  const file = await page.request.get('/api/agent-log/sessions?format=csv&errors=1');
  expect((await file.text()).trim().split('\r\n')[1]).toMatch(/^session-one,mia@example.com,/);
  // The chain's rows may reach BigQuery a moment after the events.
  const proof = async () => (await page.request.get('/api/agent-log/proof?session_id=session-one')).text();
  await expect.poll(proof, { timeout: 60_000 }).toContain('What did we sell?');
  expect(violations).toEqual([]);
});

test('an admin lets e-mail addresses be masked; a viewer reads what is chosen and changes nothing', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('ADMIN'), '/agent-log/settings');
  await page.getByLabel('Mask e-mail addresses').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(main(page)).toContainText('Saved.');
  await expect(page.getByLabel('Mask e-mail addresses')).toBeChecked();

  await signIn(page, organization.person('VIEWER'), '/agent-log/settings');
  await expect(main(page)).toContainText('View only.');
  await expect(main(page)).toContainText('E-mail addresses are masked.');
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
});

test('an owner erases a user: what was said is gone, the tools and the session stay under another name', async ({
  organization,
  page,
}) => {
  test.setTimeout(240_000);
  await sendSession(organization);
  await signIn(page, organization.person('OWNER'), '/agent-log');
  await untilShown(page, 'run_tests');
  await page.goto('/agent-log/settings');
  await page.getByRole('button', { name: 'Erase a user…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase a user from the agent log?' });
  await dialog.getByLabel('User', { exact: true }).fill('mia@example.com');
  await dialog.getByLabel('The same user again').fill('mia@example.co');
  await dialog.getByRole('button', { name: 'Erase user' }).click();
  await expect(dialog).toContainText('Type the same user again.');
  await dialog.getByLabel('The same user again').fill('mia@example.com');
  await dialog.getByRole('button', { name: 'Erase user' }).click();
  await expect(main(page)).toContainText('The user is erased within minutes.');
  await untilShown(page, /Erased(?! users)/, 180_000);
  await page.goto('/agent-log/session?id=session-one&content=1');
  await expect(main(page)).toContainText('bq_query');
  await expect(main(page)).not.toContainText('mia@example.com');
  await expect(main(page)).not.toContainText('What did we sell?');
});
