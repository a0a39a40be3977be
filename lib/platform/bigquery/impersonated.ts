/** BigQuery as another service account: the machine's own account asks for that one's tokens. */
import { BigQuery } from '@google-cloud/bigquery';
import { type AuthClient, GoogleAuth, Impersonated } from 'google-auth-library';
import { forgetProcessWide, processWide } from '@/lib/platform/process-wide';

const cloudScope = 'https://www.googleapis.com/auth/cloud-platform';
/** What the other account's tokens are good for: the narrowest scope that jobs.insert takes. */
const bigqueryScope = 'https://www.googleapis.com/auth/bigquery';

export type Impersonation = {
  projectId: string;
  /** Address of the service account that requests are sent as. */
  account: string;
  /** Who asks for its tokens; the machine's own credentials unless given. */
  source?: AuthClient;
  /** Addresses of other services than Google's, for tests. */
  urls?: { iam: string; bigquery: string };
};

/** Kept once a process; a machine that could not say who it is just now is asked again. */
const machineClient = (): Promise<AuthClient> =>
  processWide('machine-auth-client', () =>
    new GoogleAuth({ scopes: [cloudScope] }).getClient().catch(error => {
      forgetProcessWide('machine-auth-client');
      throw error;
    }),
  );

/** A client whose requests carry tokens of the account; it gets them when it is first used, and new ones by itself. */
export async function impersonatedBigQuery({ projectId, account, source, urls }: Impersonation): Promise<BigQuery> {
  const authClient = new Impersonated({
    sourceClient: source ?? (await machineClient()),
    targetPrincipal: account,
    targetScopes: [bigqueryScope],
    ...(urls ? { endpoint: urls.iam } : {}),
  });
  return new BigQuery({ projectId, authClient, ...(urls ? { apiEndpoint: urls.bigquery } : {}) });
}
