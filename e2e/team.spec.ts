/** The team in two browsers: invited, joined, removed, out at once; seats, roles, wrong addresses; what a viewer sees; without JavaScript. */
import { randomUUID } from 'node:crypto';
import { type Browser, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';
import { lookAt } from '@/e2e/look';
import { openOrganization, test } from '@/e2e/organization';
import { signIn } from '@/e2e/sign-in';

// Two browsers, mails that are waited for, and every page looked at.
test.describe.configure({ timeout: 120_000 });
test.use({ plan: 'PROFESSIONAL' });

const stranger = 'nobody@elsewhere.example';
const guest = () => `guest-${randomUUID().slice(0, 8)}@elsewhere.example`;

type Received = { to: string[]; text: string };

/** Links of the invitations mailed to an address, oldest first. */
async function linksTo(address: string): Promise<string[]> {
  const response = await fetch(`${demo().mail}/emails`, { headers: { authorization: 'Bearer re_e2e' } });
  const { data } = (await response.json()) as { data: Received[] };
  return data
    .filter(mail => mail.to.includes(address))
    .flatMap(mail => /https?:\/\/\S+\/invitations\/[\w-]{43}/.exec(mail.text)?.[0] ?? []);
}

/** The link that comes after `before` earlier ones. */
async function newLink(address: string, before: number): Promise<string> {
  await expect.poll(async () => (await linksTo(address)).length, { timeout: 20_000 }).toBeGreaterThan(before);
  return (await linksTo(address)).at(-1) ?? '';
}

async function inOtherBrowser(browser: Browser, options: object, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    baseURL: demo().portal,
    viewport: { width: 1440, height: 900 },
    ...options,
  });
  await work(await context.newPage()).finally(() => context.close());
}

async function invite(page: Page, addresses: string, role = 'Viewer'): Promise<void> {
  await page.goto('/team/invite');
  await page.getByLabel('Email addresses').fill(addresses);
  await page.getByRole('radio', { name: role }).check();
  await page.getByRole('button', { name: 'Send invitations' }).click();
}

const invitation = (page: Page, address: string) => page.getByRole('row').filter({ hasText: address });
const cancel = (page: Page, address: string) =>
  invitation(page, address)
    .getByRole('button', { name: /^Cancel/ })
    .click();

async function remove(page: Page, name: string): Promise<void> {
  await page.goto('/team');
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('link', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove member' }).click();
  await expect(page.getByText(`${name} was removed and is out.`)).toBeVisible();
}

test('an owner invites, the invited person joins by the mail, is removed, and is out at once', async ({
  organization,
  page,
  browser,
}) => {
  const before = (await linksTo(stranger)).length;
  await signIn(page, organization.person('OWNER'), '/team');
  await invite(page, `${stranger}, ${organization.person('OWNER')}`);
  await expect(page.getByText(`1 sent, 1 already a member. Sent: ${stranger}.`)).toBeVisible();
  await expect(invitation(page, stranger)).toContainText('Viewer');
  await lookAt(page, 'team-invited');
  const link = await newLink(stranger, before);
  await inOtherBrowser(browser, {}, async other => {
    await other.goto(link);
    await expect(
      other.getByText(`invited you to ${organization.companyName} as Viewer. Sign in as ${stranger}.`),
    ).toBeVisible();
    await lookAt(other, 'invitation-sign-in');
    await other.getByRole('button', { name: 'Continue with Google' }).click();
    await other.getByText(stranger, { exact: true }).first().click();
    await expect(other).toHaveURL(link);
    await lookAt(other, 'invitation');
    await other.getByRole('button', { name: `Join ${organization.companyName}` }).click();
    await expect(other).toHaveURL(url => url.pathname === '/');
    await other.goto('/team');
    await expect(other.getByRole('row').filter({ hasText: stranger })).toContainText('(you)');
    await expect(other.getByText(/^View only\. Admins: /)).toBeVisible();
    await other.goto(link);
    await expect(other.getByText('You have joined already.')).toBeVisible();
    expect((await other.request.get('/api/team')).status()).toBe(200);
    await remove(page, 'Nina Nobody');
    expect((await other.request.get('/api/team')).status()).toBe(403);
    await other.goto('/team');
    await expect(other).toHaveURL(url => url.pathname === '/welcome');
    await other.goto(link);
    await expect(other.getByText('This invitation was used already. It works once.')).toBeVisible();
  });
});

test('another account than the invited one is told whom the invitation is for, and may switch', async ({
  organization,
  page,
  browser,
}) => {
  const address = guest();
  await signIn(page, organization.person('OWNER'), '/team');
  await invite(page, address, 'Admin');
  await expect(invitation(page, address)).toContainText('Admin');
  const link = await newLink(address, 0);
  await inOtherBrowser(browser, {}, async other => {
    await signIn(other, stranger, new URL(link).pathname);
    await expect(other.getByText(`You are signed in as ${stranger}. Sign in as ${address} to join.`)).toBeVisible();
    await expect(other.getByRole('button', { name: /^Join/ })).toHaveCount(0);
    await lookAt(other, 'invitation-other-account');
    await other.getByRole('button', { name: 'Use another account' }).click();
    await expect(other.getByText('You are signed out.')).toBeVisible();
    await expect(other.getByText(`Sign in as ${address}.`)).toBeVisible();
  });
  await page.goto('/team');
  await cancel(page, address);
  await expect(page.getByText(`The invitation of ${address} was cancelled.`)).toBeVisible();
});

test('an invitation sent again has a new link; a cancelled one none, until the person is invited again', async ({
  organization,
  page,
}) => {
  const address = guest();
  await signIn(page, organization.person('OWNER'), '/team');
  await invite(page, address);
  const first = await newLink(address, 0);
  await page.goto('/team');
  await invitation(page, address)
    .getByRole('button', { name: /^Resend/ })
    .click();
  await expect(page.getByText(`The invitation was sent to ${address} again.`)).toBeVisible();
  const second = await newLink(address, 1);
  await page.goto(first);
  await expect(page.getByText('This invitation link is not valid. A newer mail may have replaced it.')).toBeVisible();
  await page.goto('/team');
  await cancel(page, address);
  await expect(page.getByText(`The invitation of ${address} was cancelled.`)).toBeVisible();
  await expect(invitation(page, address)).toHaveCount(0);
  await lookAt(page, 'team-cancelled');
  await page.getByRole('button', { name: 'Invite again' }).click();
  await expect(page.getByText(`1 sent. Sent: ${address}.`)).toBeVisible();
  await page.goto(second);
  await expect(page.getByText('This invitation link is not valid. A newer mail may have replaced it.')).toBeVisible();
  await page.goto('/team');
  await cancel(page, address);
  await expect(invitation(page, address)).toHaveCount(0);
});

test('wrong addresses and too many are refused beside the field, what was typed stays, nobody is invited', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('OWNER'), '/team/invite');
  const field = page.getByLabel('Email addresses');
  const wrong: [text: string, sentence: RegExp][] = [
    ['Mia Kern <mia@example.com>', /without a name, brackets or quotes/],
    ['m\u0456a@example.com', /signs other than plain a–z letters/],
    ['<script>alert(1)</script>', /without a name, brackets or quotes/],
    ['one@x.example two@x.example', /has a space in it/],
    ['a@x.example\nb@x.example\nc@x.example', /^3 invitations, 2 seats left\. Remove one or change the plan\.$/],
  ];
  for (const [text, sentence] of wrong) {
    await field.fill(text);
    await page.getByRole('radio', { name: 'Collaborator' }).check();
    await page.getByRole('button', { name: 'Send invitations' }).click();
    await expect(page.getByText(sentence)).toHaveCount(1);
    await expect(field).toBeFocused();
    await expect(field).toHaveAccessibleDescription(new RegExp(sentence.source.replace(/^\^|\$$/g, '')));
    await expect(field).toHaveValue(text);
    await expect(page.getByRole('radio', { name: 'Collaborator' })).toBeChecked();
  }
  await expect(page.getByText('Uses 3 of 2 free seats.')).toBeVisible();
  await lookAt(page, 'team-invite-refused');
  await field.fill('a@x.example');
  await expect(page.getByText('Uses 1 of 2 free seats.')).toBeVisible();
  await field.fill('a@x.example, b@x.example,\nc@x.example');
  await expect(page.getByText('Uses 3 of 2 free seats.')).toBeVisible();
  await page.goto('/team');
  await expect(page.getByText('x.example')).toHaveCount(0);
});

test('with all seats used the button stays and says what to do', async ({ organization, page }) => {
  await signIn(page, organization.person('OWNER'), '/team');
  await invite(page, `${guest()}, ${guest()}`);
  await expect(page.getByText(/^2 sent\./)).toBeVisible();
  await page.goto('/team');
  await page.getByRole('link', { name: 'Invite people' }).click();
  await expect(
    page.getByText('All 6 seats are used. Cancel an invitation, remove a member, or change the plan.'),
  ).toBeVisible();
  await expect(page.getByLabel('Email addresses')).toHaveCount(0);
  await lookAt(page, 'team-full');
});

test('a role changes with the next request, a higher one after signing in again; one’s own asks first; the last owner stays', async ({
  page,
  browser,
}) => {
  // Google must know who signs in again; where the stories run twice on one stack, most likely somebody else.
  const collaborator = `person-${71 + Math.floor(Math.random() * 30)}@testing.example`;
  const organization = await openOrganization({ plan: 'PROFESSIONAL', emails: { COLLABORATOR: collaborator } });
  await signIn(page, organization.person('OWNER'), '/team');
  const row = page.getByRole('row').filter({ hasText: collaborator });
  const change = async (role: string) => {
    await page.goto('/team');
    await row.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('link', { name: 'Change role…' }).click();
    await page.getByRole('radio', { name: role }).check();
    await lookAt(page, 'team-role');
    await page.getByRole('button', { name: 'Save role' }).click();
    await expect(row).toContainText(role);
  };
  await inOtherBrowser(browser, {}, async other => {
    await signIn(other, collaborator, '/team');
    expect((await other.goto('/team/invite'))?.status()).toBe(200);
    await expect(other.getByText(/^Only admins can invite people\. Admins: /)).toBeVisible();
    await change('Admin');
    await other.goto('/team/invite');
    await expect(other.getByText('Your session ended. Sign in to continue where you were.')).toBeVisible();
    await signIn(other, collaborator, '/team/invite');
    await expect(other.getByLabel('Email addresses')).toBeVisible();
    await other.goto('/team');
    await expect(
      other
        .getByRole('row')
        .filter({ hasText: organization.person('OWNER') })
        .getByRole('button'),
    ).toHaveCount(0);
    await change('Collaborator');
    await other.goto('/team/invite');
    await expect(other.getByLabel('Email addresses')).toHaveCount(0);
  });
  await page.goto('/team');
  await page.getByRole('row').filter({ hasText: '(you)' }).getByRole('button').click();
  await page.getByRole('link', { name: 'Change role…' }).click();
  await expect(page.getByText('Make someone else owner first.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save role' })).toHaveCount(0);
  await page.goto('/team/leave');
  await expect(page.getByText('You are the last owner. Make someone else owner first.')).toBeVisible();
});

test('a viewer sees members and roles, no invitation and no control; an unknown member is no page', async ({
  organization,
  page,
}) => {
  await signIn(page, organization.person('VIEWER'), '/team');
  await expect(page.getByText(/^View only\. Admins: /)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Invite people' })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Invitations' })).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('button', { name: /^Actions for/ })).toHaveCount(1);
  await lookAt(page, 'team-viewer');
  await page.context().clearCookies();
  await signIn(page, organization.person('OWNER'), '/team');
  for (const path of ['role', 'remove', 'owner']) {
    expect((await page.goto(`/team/mem_00000000000000000000/${path}`))?.status(), path).toBe(404);
  }
});

test('without JavaScript, and on a phone: invited, sent again, cancelled', async ({ organization, browser }) => {
  const address = guest();
  await inOtherBrowser(browser, { javaScriptEnabled: false }, async page => {
    await signIn(page, organization.person('OWNER'), '/team');
    await invite(page, address);
    await expect(page.getByText(`1 sent. Sent: ${address}.`)).toBeVisible();
    await invitation(page, address)
      .getByRole('button', { name: /^Resend/ })
      .click();
    await expect(page.getByText(`The invitation was sent to ${address} again.`)).toBeVisible();
  });
  await inOtherBrowser(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, async page => {
    await signIn(page, organization.person('OWNER'), '/team');
    await lookAt(page, 'team-phone');
    await cancel(page, address);
    await expect(page.getByText(`The invitation of ${address} was cancelled.`)).toBeVisible();
    await page.goto('/team/invite');
    await lookAt(page, 'team-invite-phone');
  });
});
