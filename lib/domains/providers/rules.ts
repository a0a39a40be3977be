/** Rules of provider configs: what they may be about, how often they may run, and when a failing one runs less. Source: docs/architecture.md, Provider configs. */
import { type PlanName, planNames, plans } from '@/lib/domains/subscriptions/rules';
import type { SealedPlace } from '@/lib/kernel/sealing';

export const configProviders = ['GCP', 'AWS', 'AZURE', 'OPENAI', 'ANTHROPIC', 'MULTI_CLOUD'] as const;
export type ConfigProvider = (typeof configProviders)[number];
export const configDomains = ['COST', 'SECURITY', 'COMPLIANCE', 'OBSERVABILITY', 'CUSTOM'] as const;
export type ConfigDomain = (typeof configDomains)[number];

export const configProviderTitles: Record<ConfigProvider, string> = {
  GCP: 'Google Cloud',
  AWS: 'Amazon Web Services',
  AZURE: 'Microsoft Azure',
  OPENAI: 'OpenAI',
  ANTHROPIC: 'Anthropic',
  MULTI_CLOUD: 'Several clouds',
};
export const configDomainTitles: Record<ConfigDomain, string> = {
  COST: 'Cost',
  SECURITY: 'Security',
  COMPLIANCE: 'Compliance',
  OBSERVABILITY: 'Observability',
  CUSTOM: 'Custom',
};

/** What the id of a config looks like, wherever one is named. */
export const configIdPattern = /^[\w-]{1,64}$/;

/** The pipeline that a config runs unless it names another. */
export const defaultPipelineId = (provider: ConfigProvider, domain: ConfigDomain): string =>
  `${provider}_${domain}`.toLowerCase();

/** Most configs of a customer, switched on or off; how many may be on is the plan's. */
export const maxConfigs = 200;
/** Of default_parameters and of pipeline_template_overrides, as JSON. */
export const maxConfigJsonBytes = 65_536;
export const maxNotificationEmails = 10;
export const maxTags = 20;
export const defaultRetentionDays = 90;

/** Least time between two runs of a schedule. */
export const minIntervalMinutes = 5;

/** How far apart scheduled runs are at least, by the failures in a row; the last step that is reached holds. */
export const backOffSteps = [
  { failures: 5, minGapMinutes: 60 },
  { failures: 10, minGapMinutes: 1_440 },
] as const;

/** Least minutes between scheduled runs after so many failures in a row; 0 where nothing holds them back. */
export const backOffMinutes = (consecutiveFailures: number): number =>
  backOffSteps.findLast(step => consecutiveFailures >= step.failures)?.minGapMinutes ?? 0;

const recentRunMs = 7 * 86_400_000;

/** Whether deleting a config asks for its name: it ran in the last 7 days. Source: docs/ui.md, Forms. */
export const wasRunRecently = (lastRunAt: Date | null, now: Date): boolean =>
  lastRunAt !== null && now.getTime() - lastRunAt.getTime() <= recentRunMs;

/** The smallest plan in which one more config could be on; null where the largest is full. */
export const planWithRoom = (active: number): PlanName | null =>
  planNames.find(name => plans[name].providers > active) ?? null;

/** The sentence for whom a further config is refused. Source: docs/architecture.md, Provider configs. */
export function providersFull({ active, limit }: { active: number; limit: number }): string {
  if (active <= limit) return `All ${limit} providers are in use. Turn one off or change the plan.`;
  return `The plan has ${limit} providers and ${active} are on. Turn ${active - limit + 1} off or change the plan.`;
}

/** The one place in which the Slack webhook of a config opens. */
export const webhookPlace = (customerId: string, configId: string): SealedPlace => ({
  customerId,
  table: 'provider_configs',
  column: 'sealed_slack_webhook',
  id: configId,
});
