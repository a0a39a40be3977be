/** A page that refuses a member says who can, and leaves one small row a minute, as a refused command does. */
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { adminsOnlyPage, deniedPage } from '@/app/(portal)/_shell/denied-page';
import { denialsOf } from '@/dev/testing/denials';
import { createWorld, type World } from '@/dev/testing/world';
import type { Visitor } from '@/lib/edge/portal/page';
import type { Role } from '@/lib/kernel/permissions';

/** What the page needs of its visitor, at one instant. */
function visitorOf(world: World, role: Role): Visitor {
  const now = new Date();
  return { ctx: { ...world.as(role), clock: () => now }, membership: { customerId: world.customerId } } as Visitor;
}
const html = async (page: Promise<unknown>) => renderToStaticMarkup((await page) as ReactElement);

test('the page names the admins and the request id, and holds no form', async () => {
  const visitor = visitorOf(await createWorld(), 'VIEWER');
  const page = await html(adminsOnlyPage(visitor, 'api_key.create', 'create API keys'));
  expect(page).toMatch(/Only admins can create API keys\. Admins: (OWNER|ADMIN) Person and (OWNER|ADMIN) Person\./);
  expect(page).toContain(`<code class="wrap-anywhere">${visitor.ctx.requestId}</code>`);
  expect(page).not.toContain('<form');
});

test('attempts are counted in their minute, by person and action, with the id that the page shows', async () => {
  const world = await createWorld();
  const visitor = visitorOf(world, 'ADMIN');
  for (let view = 0; view < 3; view++) await deniedPage(visitor, 'organization.request_deletion', 'Only an owner can.');
  await deniedPage(visitor, 'team.transfer_ownership', 'Only owners can.');
  const of = { scope: world.customerId, customerId: world.customerId, actorType: 'user' };
  expect(await denialsOf(world.members.ADMIN.userId)).toEqual([
    { ...of, action: 'view.organization.request_deletion', occurrences: 3, requestId: visitor.ctx.requestId },
    { ...of, action: 'view.team.transfer_ownership', occurrences: 1, requestId: visitor.ctx.requestId },
  ]);
});

test('a refusal that cannot be counted is a refusal all the same', async () => {
  const visitor = visitorOf(await createWorld(), 'VIEWER');
  const broken = { ctx: { ...visitor.ctx, customerId: 'no\u0000text' } } as Visitor;
  expect(await html(deniedPage(broken, 'api_key.create', 'Only admins can.'))).toContain('Only admins can.');
});
