/** What each kind of credential is, the least it must be allowed, and the names of its form's fields. */
import type { CredentialKind } from '@/lib/domains/credentials/rules';

type KindText = {
  /** One line for the choice of kinds. */
  summary: string;
  /** The least permission that is enough, and where it is given. */
  permission: string;
  /** Where the secret is made. */
  source: string;
};

export const kindTexts: Record<CredentialKind, KindText> = {
  gcp_service_account: {
    summary: 'The JSON key file of a service account.',
    permission:
      'Grant the service account only the roles that its pipelines read with, such as BigQuery Job User and BigQuery Data Viewer on the one project.',
    source: 'Google Cloud console → IAM and admin → Service accounts → Keys → Add key → JSON.',
  },
  aws_access_key: {
    summary: 'An access key id and its secret, of a user that only pipelines use.',
    permission:
      'Give the user a policy with read access to what its pipelines read, such as ce:GetCostAndUsage, and nothing else. A role needs no stored secret and is safer.',
    source: 'AWS console → IAM → Users → Security credentials → Create access key.',
  },
  aws_role: {
    summary: 'A role that this service takes with an external id. No secret is stored.',
    permission:
      'Attach a policy with read access to what the pipelines read, such as ce:GetCostAndUsage. The trust policy below lets only this service take the role, and only for your organization.',
    source: 'AWS console → IAM → Roles → Create role → Custom trust policy.',
  },
  azure_client_secret: {
    summary: 'The directory, application and secret of an app registration.',
    permission: 'Assign the application the role Reader, or Cost Management Reader, on the one subscription.',
    source: 'Azure portal → Microsoft Entra ID → App registrations → Certificates and secrets.',
  },
  openai_api_key: {
    summary: 'An API key of an OpenAI project.',
    permission:
      'Restrict the key to the endpoints that pipelines call; Models: Read is enough for the connection test.',
    source: 'platform.openai.com → API keys → Create new secret key.',
  },
  anthropic_api_key: {
    summary: 'An API key of an Anthropic workspace.',
    permission: 'Make the key in a workspace of its own, with a spend limit.',
    source: 'console.anthropic.com → API keys → Create key.',
  },
  github_token: {
    summary: 'A personal access token by which repositories are read.',
    permission:
      'A fine-grained token for the repositories alone, with read access to Pull requests and Contents; for a classic token the scope repo. It is never used to write.',
    source: 'github.com → Settings → Developer settings → Personal access tokens → Generate new token.',
  },
};

/** Labels of all fields that any kind's form has; a form names those that it shows. */
export const secretLabels = {
  service_account_json: 'Service account key (JSON)',
  service_account_file: 'Or choose the file',
  access_key_id: 'Access key id',
  secret_access_key: 'Secret access key',
  role_arn: 'Role ARN',
  region: 'Region',
  tenant_id: 'Directory (tenant) id',
  client_id: 'Application (client) id',
  client_secret: 'Client secret value',
  subscription_id: 'Subscription id',
  api_key: 'API key',
  token: 'Token',
} as const;
export type SecretField = keyof typeof secretLabels;

export const fieldsOfKind: Record<CredentialKind, readonly SecretField[]> = {
  gcp_service_account: ['service_account_json', 'service_account_file'],
  aws_access_key: ['access_key_id', 'secret_access_key', 'region'],
  aws_role: ['role_arn', 'region'],
  azure_client_secret: ['tenant_id', 'client_id', 'client_secret', 'subscription_id'],
  openai_api_key: ['api_key'],
  anthropic_api_key: ['api_key'],
  github_token: ['token'],
};

/** Fields whose text is never given back to the form. */
export const secretFields: readonly SecretField[] = [
  'service_account_json',
  'service_account_file',
  'secret_access_key',
  'client_secret',
  'api_key',
  'token',
];

/** The labels of the fields of one kind's form. */
export const labelsOfKind = (kind: CredentialKind): Record<string, string> =>
  Object.fromEntries(fieldsOfKind[kind].map(field => [field, secretLabels[field]]));
