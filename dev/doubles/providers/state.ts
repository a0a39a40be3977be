/** What the double of the cloud providers keeps: the credentials it takes, and the tokens it gave. */
export const providerNames = ['gcp', 'aws', 'aws_role', 'azure', 'openai', 'anthropic'] as const;
export type ProviderName = (typeof providerNames)[number];

/** `down` answers 503 and `slow` nothing for a minute, so that one test's outage is no other's. */
export const credentialStates = ['active', 'disabled', 'expired', 'down', 'slow'] as const;

export type KnownCredential = {
  provider: ProviderName;
  /** E-mail of a service account, access key id, ARN of a role, client id; of OpenAI and Anthropic the key itself. */
  id: string;
  /** What proves it: public key (PEM), secret access key, external id, client secret; empty for OpenAI and Anthropic. */
  secret: string;
  state: (typeof credentialStates)[number];
  /** Permissions in Google’s words; the subscriptions of an Azure application; `models` for OpenAI and Anthropic. */
  permissions: string[];
  /** Project (Google), account (AWS) or tenant (Azure) it belongs to. */
  home: string;
};

export type ProvidersState = {
  credentials: Record<string, KnownCredential>;
  /** Credential by access token, or by the access key id of an assumed role. */
  tokens: Record<string, { key: string; secret: string }>;
  /** Messages to Slack channels; a state of an earlier version has none. */
  slack?: { path: string; text: string; at: string }[];
};

export const emptyState = (): ProvidersState => ({ credentials: {}, tokens: {} });

export const keyOf = (provider: ProviderName, id: string): string => `${provider}:${id}`;

const slowMs = 60_000;

/** The credential that a request names, once it is known not to be in an outage; undefined where nobody registered it. */
export async function knownCredential(
  state: ProvidersState,
  provider: ProviderName,
  id: string,
): Promise<KnownCredential | undefined> {
  const known = state.credentials[keyOf(provider, id)];
  if (known?.state === 'down') throw new Outage();
  if (known?.state === 'slow') await new Promise(resolve => setTimeout(resolve, slowMs).unref());
  return known;
}

/** The provider does not work: 503. */
export class Outage extends Error {}
