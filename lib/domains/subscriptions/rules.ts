/**
 * Plans: the one table of what each includes.
 * Source: docs/spec/003-customers-dataset.md, Subscription Plans; docs/architecture.md, Plans.
 */

export const planNames = ['STARTER', 'PROFESSIONAL', 'SCALE'] as const;
export type PlanName = (typeof planNames)[number];

export type Plan = {
  name: PlanName;
  stripeLookupKey: string;
  priceUsdPerMonth: number;
  seats: number;
  providers: number;
  runsPerDay: number;
  concurrentRuns: number;
  apiCallsPerMonth: number;
};

export const plans: Record<PlanName, Plan> = {
  STARTER: plan('STARTER', 49, 2, 3, 6, 10_000),
  PROFESSIONAL: plan('PROFESSIONAL', 199, 6, 6, 25, 100_000),
  SCALE: plan('SCALE', 499, 11, 10, 100, 1_000_000),
};

function plan(
  name: PlanName,
  priceUsdPerMonth: number,
  seats: number,
  providers: number,
  runsPerDay: number,
  apiCallsPerMonth: number,
): Plan {
  return {
    name,
    stripeLookupKey: `tenantry_${name.toLowerCase()}_monthly`,
    priceUsdPerMonth,
    seats,
    providers,
    runsPerDay,
    concurrentRuns: 3,
    apiCallsPerMonth,
  };
}

/** "Professional": a plan as people read it; code, the API and files say PROFESSIONAL. */
export const planTitle = (plan: string): string => plan.charAt(0) + plan.slice(1).toLowerCase();

/** Limits of a plan as a subscription row carries them. */
export function limitsOf(plan: PlanName) {
  const { seats, providers, runsPerDay, concurrentRuns, apiCallsPerMonth, priceUsdPerMonth } = plans[plan];
  return {
    planName: plan,
    maxTeamMembers: seats,
    maxProviders: providers,
    maxPipelinesPerDay: runsPerDay,
    maxConcurrentPipelines: concurrentRuns,
    maxApiCallsPerMonth: apiCallsPerMonth,
    monthlyPriceUsd: priceUsdPerMonth.toFixed(2),
  };
}

/** Length of the free trial in days, on every plan. */
export const trialDays = 14;

export const subscriptionStatuses = ['ACTIVE', 'TRIAL', 'EXPIRED', 'CANCELLED', 'PAST_DUE'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** Status of the customer's profile that follows from the subscription. Source: docs/architecture.md, Status. */
export const profileStatusOf: Record<SubscriptionStatus, 'ACTIVE' | 'TRIAL' | 'CANCELLED'> = {
  ACTIVE: 'ACTIVE',
  PAST_DUE: 'ACTIVE',
  TRIAL: 'TRIAL',
  EXPIRED: 'CANCELLED',
  CANCELLED: 'CANCELLED',
};

/** How long runs go on while a payment is owed, in days. Source: docs/architecture.md, Status. */
export const graceDays = 7;

/** The plan of a Stripe look-up key; null for a price that is not ours. */
export const planOfLookupKey = (lookupKey: string | null): PlanName | null =>
  planNames.find(name => plans[name].stripeLookupKey === lookupKey) ?? null;

/** Above zero when `to` is the bigger plan. */
export const comparePlans = (from: PlanName, to: PlanName): number => planNames.indexOf(to) - planNames.indexOf(from);

/** upgrade: at once. downgrade: at the period's end. same: it is the plan already. */
export const directions = ['upgrade', 'downgrade', 'same'] as const;
export type Direction = (typeof directions)[number];

export const directionOf = (from: PlanName, to: PlanName): Direction => {
  const steps = comparePlans(from, to);
  return steps === 0 ? 'same' : steps > 0 ? 'upgrade' : 'downgrade';
};
