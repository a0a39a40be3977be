import { expect, test } from 'vitest';
import { notSent } from '@/app/(portal)/team/_parts/not-sent';
import type { InviteStatus } from '@/lib/domains/team/invitations/invitations';

const result = (email: string, status: InviteStatus) => ({
  email,
  status,
  member_id: null,
  invitation_expires_at: null,
});

test('addresses that could not be written to stay in the form, with their sentence; the others are counted', () => {
  const results = [
    result('mia@example.com', 'sent'),
    result('jo@example.com', 'rate_limited'),
    result('al@example.com', 'already_member'),
  ];
  expect(notSent(results, 'ADMIN')).toEqual({
    status: 'error',
    message: '1 sent, 1 already a member, 1 not sent.',
    fieldErrors: { emails: 'No more invitations can be sent to jo@example.com for now. Try again tomorrow.' },
    values: { emails: 'jo@example.com', role: 'ADMIN' },
  });
});

test('where every address was dealt with, the team’s page tells it', () =>
  expect(
    notSent([result('mia@example.com', 'sent'), result('al@example.com', 'already_invited')], 'VIEWER'),
  ).toBeNull());
