/** Credentials that a config of a provider may name, as options. Pure. */
import type { Option } from '@/app/_ui/field';
import { statuses } from '@/app/_ui/status';
import { healthStatus } from '@/app/(portal)/credentials/_parts/credential-health';
import type { CredentialView } from '@/lib/domains/credentials/view';
import type { ConfigProvider } from '@/lib/domains/providers/rules';

/** Those of the same provider, or all for several clouds, each with how it stands. */
export const credentialOptions = (
  credentials: readonly Pick<CredentialView, 'credential_id' | 'name' | 'provider' | 'health'>[],
  provider: ConfigProvider,
): Option[] =>
  credentials
    .filter(credential => provider === 'MULTI_CLOUD' || credential.provider === provider)
    .map(({ credential_id, name, health }) => ({
      value: credential_id,
      label: `${name} (${statuses[healthStatus[health]].word.toLowerCase()})`,
    }));
