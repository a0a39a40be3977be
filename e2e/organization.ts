/** An organization of a story's own with a person of each role, made in Postgres as the tests of lib make theirs; the worker brings it to BigQuery. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test as base } from '@playwright/test';
import { sealedToken, sessionToken } from '@/dev/testing/session-cookie';
import { createWorld } from '@/dev/testing/world';
import { demo } from '@/e2e/demo';
import { rememberSession } from '@/e2e/sign-in';
import { createKey } from '@/lib/domains/keys/commands';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import { type Permission, type Role, roles } from '@/lib/kernel/permissions';

export type Organization = {
  customerId: string;
  companyName: string;
  /** The address of its member of that role, who is signed in without Google. */
  person: (role: Role) => string;
  /** That member as commands see it, for rows that are its own. */
  as: (role: Role) => CustomerCtx;
  /** The text of a key with these scopes. */
  createKey: (...scopes: Permission[]) => Promise<string>;
};

/** The demo's services, as our own modules read them. */
function findDemoServices(): void {
  const file = join(dirname(demo().logs), 'env.json');
  Object.assign(process.env, JSON.parse(readFileSync(file, 'utf8')), { LOG_LEVEL: 'warn' });
}

/** `emails` gives members addresses that Google knows, for stories that sign them in by clicking. */
export async function openOrganization(options: { plan?: PlanName; emails?: Partial<Record<Role, string>> } = {}) {
  findDemoServices();
  const world = await createWorld(options);
  for (const role of roles) {
    const { userId, email } = world.members[role];
    rememberSession(email, await sealedToken(sessionToken({ userId, email })));
  }
  const organization: Organization = {
    customerId: world.customerId,
    companyName: world.customer.companyName,
    person: role => world.members[role].email,
    as: world.as,
    createKey: async (...scopes) => {
      const { result } = await createKey(world.system, { name: 'worker', scopes, rate_limit_tier: 'UNLIMITED' });
      return result.secret.reveal();
    },
  };
  return organization;
}

/** Playwright's `test` for stories that get an organization; `test.use({ plan })` names its plan. */
export const test = base.extend<{ plan: PlanName; organization: Organization }>({
  plan: ['STARTER', { option: true }],
  organization: async ({ plan }, use) => use(await openOrganization({ plan })),
});
