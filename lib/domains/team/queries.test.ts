import { expect, test } from 'vitest';
import { invited, invitee, memberByEmail, someone } from '@/dev/testing/team';
import { createWorld, type World } from '@/dev/testing/world';
import { createKey } from '@/lib/domains/keys/commands';
import { removeMember } from '@/lib/domains/team/departures';
import { acceptInvitation } from '@/lib/domains/team/invitations/acceptance';
import { inviteMembers } from '@/lib/domains/team/invitations/invitations';
import { listTeam, readMember } from '@/lib/domains/team/queries';
import { changeRole } from '@/lib/domains/team/roles';
import { relayDeps } from '@/lib/edge/worker/mirrors';
import type { Ctx } from '@/lib/kernel/ctx';
import { flushOnce } from '@/lib/warehouse/mirror/relay';

const flush = (world: World) => flushOnce(relayDeps(), { customers: [world.customerId], lockWaitMs: 20_000 });
const later = (ctx: Ctx, days: number): Ctx => ({ ...ctx, clock: () => new Date(Date.now() + days * 86_400_000) });

test('the list from BigQuery is the team: members by joining, open invitations by end, expired ones apart', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const joined = await invited(world, 'COLLABORATOR');
  await acceptInvitation(await invitee(world, joined.email), { token: joined.token });
  const open = await invited(world, 'ADMIN');
  await removeMember(world.system, { member_id: world.members.VIEWER.memberId });
  await flush(world);
  const team = await listTeam(world.as('COLLABORATOR'));
  expect(team).toMatchObject({
    state: 'current',
    seats: { used: 5, limit: 11, members: 4, invitations: 1 },
    expired: [],
  });
  expect(team.members.map(member => [member.email, member.role])).toEqual([
    [world.members.OWNER.email, 'OWNER'],
    [world.members.ADMIN.email, 'ADMIN'],
    [world.members.COLLABORATOR.email, 'COLLABORATOR'],
    [joined.email, 'COLLABORATOR'],
  ]);
  expect(team.invitations).toMatchObject([{ email: open.email, role: 'ADMIN', invited_by: 'system', updating: false }]);
  const afterwards = await listTeam(later(world.as('OWNER'), 8));
  expect(afterwards).toMatchObject({ invitations: [], expired: [{ email: open.email }], seats: { used: 4 } });
});

test('changes on their way to BigQuery are shown at once and marked', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  await flush(world);
  const email = someone();
  await inviteMembers(world.system, { emails: [email], role: 'VIEWER' });
  await changeRole(world.system, { member_id: world.members.VIEWER.memberId, role: 'ADMIN' });
  await removeMember(world.system, { member_id: world.members.COLLABORATOR.memberId });
  const team = await listTeam(world.as('OWNER'));
  expect(team.invitations).toMatchObject([{ email, updating: true }]);
  expect(team.members.map(member => [member.role, member.updating])).toEqual([
    ['OWNER', false],
    ['ADMIN', false],
    ['ADMIN', true],
  ]);
  await flush(world);
  const settled = await listTeam(world.as('OWNER'));
  expect([...settled.members, ...settled.invitations].some(row => row.updating)).toBe(false);
  expect(settled.members).toHaveLength(3);
});

test('no answer holds a token or its hash', async () => {
  const world = await createWorld({ plan: 'SCALE' });
  const { email, token } = await invited(world);
  await flush(world);
  const hash = (await memberByEmail(world, email)).invitationTokenHash ?? '';
  const text = JSON.stringify(await listTeam(world.as('OWNER')));
  expect(text).toContain(email);
  expect(text).not.toContain(token);
  expect(text).not.toContain(hash);
});

test('a member’s detail counts the working keys they made, and says who is the last owner and who asks', async () => {
  const world = await createWorld();
  await createKey(world.as('ADMIN'), { name: 'ci', scopes: ['runs:read'] });
  const admin = await readMember(world.as('ADMIN'), world.members.ADMIN.memberId);
  expect(admin).toMatchObject({ workingKeys: 1, isSelf: true, isLastOwner: false });
  const owner = await readMember(world.as('ADMIN'), world.members.OWNER.memberId);
  expect(owner).toMatchObject({ workingKeys: 0, isSelf: false, isLastOwner: true });
  await expect(readMember(world.as('ADMIN'), "' OR 1=1")).rejects.toMatchObject({ code: 'not_found' });
});
