/** What some messages say differently by case: who invites, and why a schedule was missed. */
import type { EventData } from '@/lib/domains/notifications/events';

type Invited = EventData<'invitation'>;
/** Who invites, as the message's first words. */
export const inviterWords = ({ inviter = 'person', invited_by }: Invited): string =>
  ({ person: invited_by, key: `The API key “${invited_by}”`, tenantry: 'Tenantry' })[inviter];

/** People invite; where a key or Tenantry itself does, the invitation comes first. */
export function invitationSubject(company: string, { inviter = 'person', invited_by }: Invited): string {
  if (inviter === 'person') return `${invited_by} invited you to ${company} on Tenantry`;
  const key = inviter === 'key' ? ` (by the API key “${invited_by}”)` : '';
  return `You are invited to ${company} on Tenantry${key}`;
}

/** Why nothing ran, and what to do about it, by paragraph. */
export const missWords: Record<EventData<'schedule_missed'>['reason'], string[]> = {
  unclaimed: [
    'Its schedule was due, and no worker claimed the run before its next time.',
    'Check that a worker is running and asks for this pipeline.',
  ],
  too_many_pending: [
    'Its schedule was due, and as many runs wait already as may wait.',
    'Check that a worker claims them.',
  ],
  quota_exceeded: ['Its run waited for the daily limit until its next time: all runs of the day were used.'],
  monthly_quota_exceeded: [
    'Its run waited for the monthly limit until its next time: all runs of the month were used.',
  ],
  concurrency_exceeded: ['Its run waited until its next time: as many runs as allowed at once were running.'],
  subscription_inactive: [
    'Schedules make no runs while the subscription is not active. They go on by themselves once it is.',
    'While it lasts, this message comes at most once a week.',
  ],
  customer_suspended: [
    'Schedules make no runs while the organization is suspended. They go on by themselves afterwards.',
    'While it lasts, this message comes at most once a week.',
  ],
};
