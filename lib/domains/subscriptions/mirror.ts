/** subscriptions → customers.customer_subscriptions. */
import { type Subscription, subscriptions } from '@/lib/domains/subscriptions/tables';
import { defineMirror } from '@/lib/kernel/mirror';
import { mirrorSource } from '@/lib/kernel/mirror-source';
import { type CustomerSubscriptionsRow, tables } from '@/lib/kernel/rows/customers';

export const subscriptionsMirror = defineMirror<Subscription, CustomerSubscriptionsRow>({
  name: 'customers.customer_subscriptions',
  shape: tables.customer_subscriptions,
  mode: 'upsert',
  ...mirrorSource(subscriptions, { key: subscriptions.subscriptionId, customer: subscriptions.customerId }),
  keyOf: subscription => subscription.subscriptionId,
  customerOf: subscription => subscription.customerId,
  toRow: subscription => ({
    subscription_id: subscription.subscriptionId,
    customer_id: subscription.customerId,
    plan_name: subscription.planName,
    status: subscription.status,
    max_team_members: subscription.maxTeamMembers,
    max_providers: subscription.maxProviders,
    max_pipelines_per_day: subscription.maxPipelinesPerDay,
    max_concurrent_pipelines: subscription.maxConcurrentPipelines,
    max_storage_gb: subscription.maxStorageGb,
    max_api_calls_per_day: subscription.maxApiCallsPerDay,
    max_api_calls_per_month: subscription.maxApiCallsPerMonth,
    trial_start_date: subscription.trialStartDate,
    trial_end_date: subscription.trialEndDate,
    is_trial: subscription.isTrial,
    subscription_start_date: subscription.subscriptionStartDate,
    subscription_end_date: subscription.subscriptionEndDate,
    billing_cycle: subscription.billingCycle,
    stripe_subscription_id: subscription.stripeSubscriptionId,
    stripe_plan_id: subscription.stripePlanId,
    stripe_status: subscription.stripeStatus,
    monthly_price_usd: subscription.monthlyPriceUsd,
    annual_price_usd: subscription.annualPriceUsd,
    currency: subscription.currency,
    created_at: subscription.createdAt,
    updated_at: subscription.updatedAt,
    cancelled_at: subscription.cancelledAt,
    cancellation_reason: subscription.cancellationReason,
    auto_renew: subscription.autoRenew,
    next_billing_date: subscription.nextBillingDate,
  }),
});
