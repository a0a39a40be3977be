import { describe, expect, test } from 'vitest';
import { eventsOf, fixedEventsOf, isOnByDefault, isTooLate } from '@/lib/domains/notifications/event-rules';
import { events, personEventNames, roleEventNames } from '@/lib/domains/notifications/events';
import { backoffMs, keyMarkDays, leaseMs, markOf, maxAttempts, trialMarkDays } from '@/lib/domains/notifications/rules';
import { roles } from '@/lib/kernel/permissions';
import { jitter } from '@/lib/kernel/queue/backoff';

const now = new Date('2026-11-21T00:00:00Z');

test('all attempts lie within the 24 hours in which the mail service knows the key', () => {
  const waits = backoffMs.reduce<number>((sum, wait) => sum + wait, 0) * (1 + jitter);
  expect(waits + maxAttempts * leaseMs).toBeLessThan(24 * 3_600_000);
});

test.each([
  [15, keyMarkDays, null],
  [14, keyMarkDays, 14],
  [8, keyMarkDays, 14],
  [7, keyMarkDays, 7],
  [2, keyMarkDays, 7],
  [1, keyMarkDays, 1],
  [8, trialMarkDays, null],
  [7, trialMarkDays, 7],
  [3, trialMarkDays, 3],
  [0, trialMarkDays, 1],
] as const)('%i days before the end counts as a mark of %j: %j', (days, marks, mark) =>
  expect(markOf(days, marks)).toBe(mark),
);

describe('events', () => {
  test('what is on for a role may be had by that role', () => {
    const offered = roleEventNames.filter(name => !('isUpcoming' in events[name]));
    for (const role of roles)
      for (const name of offered) if (isOnByDefault(name, role)) expect(eventsOf(role)).toContain(name);
  });

  test('who may use credentials may hear of failing ones', () => {
    expect(roles.filter(role => eventsOf(role).includes('credential_failing'))).toEqual([
      'OWNER',
      'ADMIN',
      'COLLABORATOR',
    ]);
  });

  test('a viewer gets nothing unasked, and may choose only what viewers may see', () => {
    expect(roleEventNames.filter(name => isOnByDefault(name, 'VIEWER'))).toEqual([]);
    expect(eventsOf('VIEWER')).toEqual([
      'quota_warning',
      'quota_exceeded',
      'events_warning',
      'events_reached',
      'ai_budget_warning',
      'ai_budget_reached',
      'run_failed',
      'schedule_missed',
      'failure_review',
    ]);
  });

  test('owners and admins get everything unless they say otherwise; the weekly errors only who asks for them', () => {
    const unasked = roleEventNames.filter(name => name !== 'failure_review');
    for (const role of ['OWNER', 'ADMIN'] as const)
      expect(roleEventNames.filter(name => isOnByDefault(name, role))).toEqual(unasked);
  });

  test('only owners are shown the messages to owners', () => {
    expect(fixedEventsOf('OWNER')).toEqual(personEventNames.filter(name => name !== 'slack_test'));
    expect(fixedEventsOf('ADMIN')).toEqual(['config_run_failed', 'invitation', 'role_changed', 'member_removed']);
  });

  test('what cannot be turned off says why', () => {
    expect(personEventNames).toEqual(expect.arrayContaining(['invitation', 'role_changed', 'member_removed']));
    for (const name of personEventNames) expect(events[name].fixedBecause).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('news of a day or month is useless once it is over, news of access never', () => {
    const quota = { day: '2026-11-20', runs: 5, daily_limit: 6 };
    expect(isTooLate('quota_warning', quota, new Date('2026-11-20T23:59:59.999Z'))).toBe(false);
    expect(isTooLate('quota_warning', quota, now)).toBe(true);
    const volume = { month: '2026-12-01', events: 5, monthly_limit: 6 };
    expect(isTooLate('events_reached', volume, new Date('2026-12-31T23:59:59.999Z'))).toBe(false);
    expect(isTooLate('events_reached', volume, new Date('2027-01-01T00:00:00.000Z'))).toBe(true);
    const budget = { month: '2026-12-01', budget_id: 'bud_1', amount_usd: 5, spent_usd: 5, unpriced: 0, about: '' };
    expect(isTooLate('ai_budget_reached', budget, new Date('2026-12-31T23:59:59.999Z'))).toBe(false);
    expect(isTooLate('ai_budget_reached', budget, new Date('2027-01-01T00:00:00.000Z'))).toBe(true);
    expect(isTooLate('member_removed', {}, new Date('2100-01-01T00:00:00Z'))).toBe(false);
  });
});
