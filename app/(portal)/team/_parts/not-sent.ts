/** What the invite form says where some addresses could not be written to: they stay in it, the others are on their way. */
import type { InviteResult } from '@/lib/domains/team/invitations/invitations';
import { invitedTooOften } from '@/lib/domains/team/rules';
import type { FormState } from '@/lib/edge/portal/form-state';

const words = [
  ['sent', 'sent'],
  ['already_member', 'already a member'],
  ['already_invited', 'already invited'],
  ['rate_limited', 'not sent'],
] as const;

/** "1 sent, 1 not sent." with the sentence beside the field; null where every address was dealt with. */
export function notSent(results: readonly InviteResult[], role: string): FormState | null {
  const refused = results.filter(item => item.status === 'rate_limited').map(item => item.email);
  if (refused.length === 0) return null;
  const counts = words
    .map(([status, word]) => ({ word, count: results.filter(item => item.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`);
  return {
    status: 'error',
    message: `${counts.join(', ')}.`,
    fieldErrors: { emails: invitedTooOften(refused) },
    values: { emails: refused.join('\n'), role },
  };
}
