/** Who is in the demo: two customers, their people, keys, credentials and event sources. The addresses are those the local Google can sign in. */
import type { z } from 'zod';
import type { ShopOptions } from '@/dev/seed/shop-events';
import type { DemoTeam } from '@/dev/seed/traces/ai-requests';
import type { CredentialKind } from '@/lib/domains/credentials/rules';
import type { createConfigInput } from '@/lib/domains/providers/input';
import type { PlanName } from '@/lib/domains/subscriptions/rules';
import { customerScopes, type Permission, type Role } from '@/lib/kernel/permissions';

export type DemoKey = {
  name: string;
  scopes: Permission[];
  createdDaysAgo: number;
  /** Days from now; negative is expired, null never. */
  expiresInDays: number | null;
  lastUsedMinutesAgo: number | null;
  revoked?: boolean;
};

export type DemoCredential = {
  name: string;
  kind: CredentialKind;
  createdDaysAgo: number;
  expiresInDays: number | null;
  lastUsedMinutesAgo: number | null;
  usageCount: number;
};

export type DemoConfig = {
  createdDaysAgo: number;
  /** Name of one of the customer's credentials; null where it uses none. */
  credential: string | null;
  /** As the form sends it. */
  input: z.input<typeof createConfigInput>;
};

export type DemoSource = Omit<ShopOptions, 'random' | 'now'> & { name: string; seed: number };

export type DemoCustomer = {
  companyName: string;
  plan: PlanName;
  /** Paying customers have a Stripe subscription past its trial. */
  paying: boolean;
  openedDaysAgo: number;
  historyDays: number;
  /** Runs of today that have ended. */
  runsToday: number;
  /** One more run is running, and one waits. */
  hasMovingRuns: boolean;
  seed: number;
  people: { email: string; name: string; role: Role }[];
  keys: DemoKey[];
  credentials: DemoCredential[];
  configs: DemoConfig[];
  sources: DemoSource[];
  ai: DemoTeam & { seed: number };
};

export const staffEmail = 'sam.support@tenantry.example';

const credential = (
  name: string,
  kind: CredentialKind,
  createdDaysAgo: number,
  expiresInDays: number | null,
  [lastUsedMinutesAgo, usageCount]: [number | null, number],
): DemoCredential => ({ name, kind, createdDaysAgo, expiresInDays, lastUsedMinutesAgo, usageCount });

const config = (createdDaysAgo: number, credential: string | null, input: DemoConfig['input']): DemoConfig => ({
  createdDaysAgo,
  credential,
  input,
});

const worker: Permission[] = ['runs:write', 'runs:read', 'quota:read'];
/** Of the first key, which scripts use. */
const all: Permission[] = [...customerScopes];
const key = (
  name: string,
  scopes: Permission[],
  createdDaysAgo: number,
  expiresInDays: number | null,
  lastUsedMinutesAgo: number | null,
): DemoKey => ({
  name,
  scopes,
  createdDaysAgo,
  expiresInDays,
  lastUsedMinutesAgo,
});

export const cast: DemoCustomer[] = [
  {
    companyName: 'Northwind Trading',
    plan: 'STARTER',
    paying: false,
    openedDaysAgo: 11,
    historyDays: 11,
    runsToday: 5,
    hasMovingRuns: false,
    seed: 20_261,
    people: [
      { email: 'olivia@northwind.example', name: 'Olivia Owner', role: 'OWNER' },
      { email: 'adam@northwind.example', name: 'Adam Admin', role: 'ADMIN' },
    ],
    keys: [key('etl', all, 11, 4, 38), key('laptop', ['runs:read', 'quota:read'], 6, null, null)],
    credentials: [
      credential('gcp-billing', 'gcp_service_account', 10, null, [38, 31]),
      credential('OpenAI usage', 'openai_api_key', 4, null, [null, 0]),
    ],
    configs: [
      config(9, 'gcp-billing', {
        name: 'Google Cloud costs',
        provider: 'GCP',
        domain: 'COST',
        pipeline_id: 'gcp_billing_daily',
        source_project_id: 'northwind-billing',
        source_dataset: 'billing_export',
        default_parameters: { currency: 'EUR' },
        schedule_enabled: true,
        schedule_cron: '0 4 * * *',
        schedule_timezone: 'Europe/Berlin',
        tags: ['finance', 'daily'],
      }),
      config(7, null, {
        name: 'Contacts of the CRM',
        provider: 'MULTI_CLOUD',
        domain: 'CUSTOM',
        pipeline_id: 'crm_contacts_sync',
        tags: ['sales'],
      }),
      config(4, 'OpenAI usage', {
        name: 'OpenAI usage',
        provider: 'OPENAI',
        domain: 'COST',
        pipeline_id: 'openai_usage_daily',
        is_active: false,
        description: 'Off until the team has agreed on its budget.',
      }),
    ],
    sources: [
      {
        name: 'Web Shop',
        host: 'shop.northwind.example',
        days: 10,
        sessionsPerDay: 9,
        orderNamesSinceDays: null,
        badReleaseDaysAgo: null,
        seed: 20_263,
      },
    ],
    ai: {
      developers: ['adam@northwind.example', 'nina@northwind.example'],
      repositories: ['northwind/erp', 'northwind/shop', 'northwind/reports'],
      sessionsADay: 3,
      budgets: [{ scope: 'all', subject: '', amount_usd: 10 }],
      seed: 20_265,
    },
  },
  {
    companyName: 'Acme Analytics',
    plan: 'PROFESSIONAL',
    paying: true,
    openedDaysAgo: 120,
    historyDays: 90,
    runsToday: 8,
    hasMovingRuns: true,
    seed: 20_262,
    people: [
      { email: 'otto@acme.example', name: 'Otto Owner', role: 'OWNER' },
      { email: 'anna@acme.example', name: 'Anna Admin', role: 'ADMIN' },
      { email: 'carl@acme.example', name: 'Carl Collaborator', role: 'COLLABORATOR' },
      { email: 'vera@acme.example', name: 'Vera Viewer', role: 'VIEWER' },
    ],
    keys: [
      key('ci-loader', all, 88, 277, 6),
      key('airflow-prod', worker, 75, 90, 2),
      key('dashboard-read', ['runs:read', 'quota:read', 'keys:read'], 60, null, 1_500),
      key('contractor', ['runs:read'], 100, -3, 5_000),
      { ...key('old-loader', worker, 118, null, 60_000), revoked: true },
    ],
    credentials: [
      credential('acme-data-prod', 'gcp_service_account', 86, null, [6, 1_240]),
      credential('aws-cost-explorer', 'aws_access_key', 80, null, [55, 402]),
      credential('azure-management', 'azure_client_secret', 60, 9, [130, 118]),
      credential('OpenAI usage', 'openai_api_key', 45, 60, [240, 87]),
    ],
    configs: [
      config(84, 'acme-data-prod', {
        name: 'Billing of acme-prod',
        provider: 'GCP',
        domain: 'COST',
        pipeline_id: 'gcp_billing_daily',
        source_project_id: 'acme-data-prod',
        source_dataset: 'billing_export',
        source_table: 'gcp_billing_export_v1',
        default_parameters: { currency: 'USD', days: 3, labels: ['team', 'service'] },
        schedule_enabled: true,
        schedule_cron: '0 2 * * *',
        notification_emails: ['anna@acme.example'],
        retention_days: 400,
        tags: ['finance', 'daily'],
      }),
      config(78, 'aws-cost-explorer', {
        name: 'AWS cost and usage',
        provider: 'AWS',
        domain: 'COST',
        pipeline_id: 'aws_cur_import',
        default_parameters: { granularity: 'DAILY' },
        schedule_enabled: true,
        schedule_cron: '30 3 * * *',
        schedule_timezone: 'America/New_York',
        tags: ['finance'],
      }),
      config(44, 'OpenAI usage', {
        name: 'OpenAI usage',
        provider: 'OPENAI',
        domain: 'COST',
        pipeline_id: 'openai_usage_daily',
        tags: ['ai'],
      }),
      config(58, 'azure-management', {
        name: 'Azure security findings',
        provider: 'AZURE',
        domain: 'SECURITY',
        pipeline_id: 'security_findings',
        is_active: false,
        description: 'Waits for the new subscription.',
        tags: ['security'],
      }),
    ],
    sources: [
      {
        name: 'Acme Store',
        host: 'store.acme.example',
        days: 30,
        sessionsPerDay: 12,
        orderNamesSinceDays: 9,
        badReleaseDaysAgo: 4,
        seed: 20_264,
      },
    ],
    ai: {
      developers: [
        'anna@acme.example',
        'carl@acme.example',
        'dana@acme.example',
        'emil@acme.example',
        'fatima@acme.example',
      ],
      repositories: ['acme/pipelines', 'acme/dashboards', 'acme/ml-models'],
      sessionsADay: 4,
      budgets: [
        { scope: 'all', subject: '', amount_usd: 25 },
        { scope: 'repository', subject: 'acme/pipelines', amount_usd: 6.5 },
        { scope: 'developer', subject: 'anna@acme.example', amount_usd: 8 },
        { scope: 'model', subject: 'openai/gpt-4o', amount_usd: 10 },
      ],
      seed: 20_266,
    },
  },
];
