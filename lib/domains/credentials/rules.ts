/** Rules of cloud credentials: which kinds there are, and the health that one has at an instant. Source: docs/architecture.md, Credentials. */

export const credentialProviders = ['GCP', 'AWS', 'AZURE', 'OPENAI', 'ANTHROPIC', 'GITHUB'] as const;
export type CredentialProvider = (typeof credentialProviders)[number];
export const credentialTypes = ['SERVICE_ACCOUNT', 'IAM_ROLE', 'API_KEY'] as const;
export type CredentialType = (typeof credentialTypes)[number];
export const validationStatuses = ['VALID', 'EXPIRED', 'INVALID', 'PENDING'] as const;
export type ValidationStatus = (typeof validationStatuses)[number];

/** What a credential is made of; each has a form and a connection test of its own. */
export const credentialKinds = [
  'gcp_service_account',
  'aws_access_key',
  'aws_role',
  'azure_client_secret',
  'openai_api_key',
  'anthropic_api_key',
  'github_token',
] as const;
export type CredentialKind = (typeof credentialKinds)[number];

type KindRule = { provider: CredentialProvider; type: CredentialType; title: string };

export const kindRules: Record<CredentialKind, KindRule> = {
  gcp_service_account: { provider: 'GCP', type: 'SERVICE_ACCOUNT', title: 'Service account key' },
  aws_access_key: { provider: 'AWS', type: 'API_KEY', title: 'Access key' },
  aws_role: { provider: 'AWS', type: 'IAM_ROLE', title: 'Role with external id' },
  azure_client_secret: { provider: 'AZURE', type: 'SERVICE_ACCOUNT', title: 'App registration with client secret' },
  openai_api_key: { provider: 'OPENAI', type: 'API_KEY', title: 'OpenAI API key' },
  anthropic_api_key: { provider: 'ANTHROPIC', type: 'API_KEY', title: 'Anthropic API key' },
  github_token: { provider: 'GITHUB', type: 'API_KEY', title: 'Access token' },
};

export const providerTitles: Record<CredentialProvider, string> = {
  GCP: 'Google Cloud',
  AWS: 'Amazon Web Services',
  AZURE: 'Microsoft Azure',
  OPENAI: 'OpenAI',
  ANTHROPIC: 'Anthropic',
  GITHUB: 'GitHub',
};

/** Most stored credentials of a customer. */
export const maxCredentials = 50;

/**
 * The external id that a customer names in the trust policy of a role that it gives us. It is ours and one a customer, so
 * that nobody can have us take the role of another customer.
 */
export const awsExternalId = (customerId: string): string => `tenantry-${customerId}`;

/** Days before its expiry from which on a credential is shown as expiring; reminders are sent at these many days. */
export const expiresSoonDays = 14;
export const expiryReminderDays = [14, 7, 1] as const;

/** How long the old secret may still be fetched after a rotation, in seconds. */
export const overlapChoices = [
  { seconds: 3_600, label: '1 hour' },
  { seconds: 86_400, label: '24 hours' },
  { seconds: 604_800, label: '7 days' },
] as const;
export const defaultOverlapSeconds = 86_400;

export const credentialHealths = ['HEALTHY', 'EXPIRES_SOON', 'FAILING', 'EXPIRED', 'UNTESTED', 'DELETED'] as const;
export type CredentialHealth = (typeof credentialHealths)[number];

export type HealthState = {
  isActive: boolean;
  expiresAt: Date | null;
  validationStatus: ValidationStatus | null;
};

const dayMs = 86_400_000;

/** Health of a credential at `now`, worst first; a secret stored since the last test counts as untested. */
export function healthOf({ isActive, expiresAt, validationStatus }: HealthState, now: Date): CredentialHealth {
  if (!isActive) return 'DELETED';
  if ((expiresAt && expiresAt <= now) || validationStatus === 'EXPIRED') return 'EXPIRED';
  if (validationStatus === 'INVALID') return 'FAILING';
  if (expiresAt && expiresAt.getTime() - now.getTime() <= expiresSoonDays * dayMs) return 'EXPIRES_SOON';
  return validationStatus === 'VALID' ? 'HEALTHY' : 'UNTESTED';
}

/** The steps of a connection test, in their order; one that fails ends it. */
export const checkSteps = ['reach', 'sign_in', 'permission'] as const;
export type CheckStep = (typeof checkSteps)[number];
/** What one step found, in words, and what to do where it failed; never holds a secret. */
export type StepResult = {
  step: CheckStep;
  outcome: 'ok' | 'failed' | 'skipped';
  message: string;
  todo: string | null;
};
