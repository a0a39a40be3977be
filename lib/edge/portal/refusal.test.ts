/** Who is not staff gets no staff context, and the attempt is on record. */
import { expect, test } from 'vitest';
import { denialsOf } from '@/dev/testing/denials';
import { createWorld, type World, type WorldMember } from '@/dev/testing/world';
import { staffCtxOf } from '@/lib/edge/portal/refusal';
import type { Session } from '@/lib/edge/portal/sign-in/session';
import { newUuid } from '@/lib/platform/ids';

const info = () => ({ requestId: newUuid(), ipPrefix: '203.0.113.0/24', userAgent: 'vitest' });
const scopeOf = ({ customerId, tenantDatasetId }: World) => ({ customerId, tenantDatasetId });

function sessionOf({ userId, email, role }: WorldMember, world: World | null, isStaff = false): Session {
  const membership = world && { ...scopeOf(world), role };
  return { person: { userId, email }, membership, isStaff } as Session;
}

test('staff get their context, and no refusal is counted', async () => {
  const world = await createWorld();
  const { OWNER } = world.members;
  const ctx = await staffCtxOf(sessionOf(OWNER, world, true), info(), 'support.open');
  expect(ctx).toMatchObject({ actor: { type: 'staff', id: OWNER.email }, customerId: null });
  expect([...(await denialsOf(OWNER.userId)), ...(await denialsOf(OWNER.email))]).toEqual([]);
});

test('a member’s attempt stands in the log of the organization they act for', async () => {
  const world = await createWorld();
  const { OWNER } = world.members;
  const request = info();
  expect(await staffCtxOf(sessionOf(OWNER, world), request, 'support.open')).toBeNull();
  expect(await denialsOf(OWNER.userId)).toMatchObject([
    {
      action: 'support.open',
      scope: world.customerId,
      customerId: world.customerId,
      actorType: 'user',
      requestId: request.requestId,
    },
  ]);
});

test('the attempt of somebody without an organization stands with the strangers’', async () => {
  const { members } = await createWorld();
  expect(await staffCtxOf(sessionOf(members.VIEWER, null), info(), 'support.open')).toBeNull();
  expect(await denialsOf(members.VIEWER.userId)).toMatchObject([
    { action: 'support.open', scope: 'stranger', customerId: null, actorType: 'person' },
  ]);
});
