import { expect, test } from 'vitest';
import { type Session, signedInRecently } from '@/lib/edge/portal/sign-in/session';

const now = new Date('2026-11-21T12:00:00Z');
const session = (signedInAt: string): Session => ({
  sessionId: 'session',
  person: {
    userId: 'usr_1',
    email: 'mia@example.com',
    fullName: null,
    sessionVersion: 1,
    timeDisplay: 'relative',
    timeZone: null,
    checklistHidden: false,
    memberships: [],
  },
  membership: null,
  leftOrganization: false,
  isStaff: false,
  signedInAt: new Date(signedInAt),
});

test.each([
  ['9 min 59 s ago', '2026-11-21T11:50:01Z', true],
  ['10 min ago', '2026-11-21T11:50:00Z', false],
  ['a week ago', '2026-11-14T12:00:00Z', false],
] as const)('a sign-in %s is recent: %s → %s', (_, signedInAt, recent) => {
  expect(signedInRecently(session(signedInAt), now)).toBe(recent);
});
