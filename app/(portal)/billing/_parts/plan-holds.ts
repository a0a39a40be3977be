/** Everything a plan holds, line by line, from the tables that the server enforces. */
import { formatCount } from '@/app/_ui/format';
import { retentionDays as agentLogDays } from '@/lib/domains/agent-log/rules';
import { retentionDays as auditDays } from '@/lib/domains/audit/retention';
import { eventsPerMonth } from '@/lib/domains/events/rules';
import type { Plan } from '@/lib/domains/subscriptions/rules';
import { retentionDays as usageDays } from '@/lib/domains/traces/rules';

/** What the plans differ in, and how many runs go at once. */
export const planHolds = (plan: Plan): string[] => [
  `${formatCount(plan.runsPerDay)} runs a day, no monthly limit`,
  `${formatCount(plan.concurrentRuns)} runs at once`,
  `${formatCount(plan.seats)} seats`,
  `${formatCount(plan.providers)} providers`,
  `${formatCount(plan.apiCallsPerMonth)} API calls a month`,
  `${formatCount(eventsPerMonth[plan.name])} events a month`,
];

/** What every plan keeps, and for how long. */
export const everyPlanKeeps = (): string =>
  `Every plan keeps the audit log for ${formatCount(auditDays())} days, the agent log for ${formatCount(agentLogDays)} days, and AI usage as long as you choose, ${formatCount(usageDays.least)} days or more.`;
