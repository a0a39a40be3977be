/** Signs a person in: by clicking, as a visitor would; later in the same run by the session that clicking made. */
import { type Cookie, expect, type Page } from '@playwright/test';
import { demo } from '@/e2e/demo';

const sessions = new Map<string, Cookie[]>();
const isAt = (page: Page, next: string): boolean => new URL(page.url()).pathname === next.split('?')[0];

/** Keeps a session that was made otherwise, by its cookie's value. */
export function rememberSession(email: string, value: string): void {
  const { hostname } = new URL(demo().portal);
  const where = { domain: hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' as const };
  sessions.set(email, [{ name: 'tenantry.session', value, ...where }]);
}

/** Clicks through Google; ends on the page that `next` names. */
export async function signInAnew(page: Page, email: string, next = '/'): Promise<void> {
  await page.goto(`/signin?next=${encodeURIComponent(next)}`);
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await page.getByText(email, { exact: true }).first().click();
  await expect(page).toHaveURL(url => url.pathname === next.split('?')[0]);
  const cookies = await page.context().cookies();
  sessions.set(
    email,
    cookies.filter(cookie => cookie.name.endsWith('tenantry.session')),
  );
}

/** Ends on the page that `next` names; a session that does not get there any more is made anew. */
export async function signIn(page: Page, email: string, next = '/'): Promise<void> {
  const cookies = sessions.get(email);
  if (cookies) {
    await page.context().addCookies(cookies);
    await page.goto(next);
    if (isAt(page, next)) return;
    await page.context().clearCookies();
  }
  await signInAnew(page, email, next);
}
