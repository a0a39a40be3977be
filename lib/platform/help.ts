/** Whom to ask and where to read on: what help, error pages and the operator's commands show. Source: docs/spec/requirements.md, C-89. */
import { envPart } from '@/lib/platform/env';

export type SupportContacts = {
  /** A mail address. */
  email: string;
  /** A Slack channel, such as `#data-engineering`; null where there is none. */
  slack: string | null;
  /** Address of the documentation; null where there is none. */
  documentation: string | null;
};

/** The contacts of this installation. */
export function supportContacts(): SupportContacts {
  const settings = envPart('SUPPORT_CONTACT', 'SUPPORT_SLACK', 'SUPPORT_DOCUMENTATION_URL');
  const orNull = (text: string) => (text === 'none' ? null : text);
  return {
    email: settings.SUPPORT_CONTACT,
    slack: orNull(settings.SUPPORT_SLACK),
    documentation: orNull(settings.SUPPORT_DOCUMENTATION_URL),
  };
}

/** What Google says of the services that the schemas stand on. */
export const referenceLinks = [
  { label: 'BigQuery partitioning', href: 'https://cloud.google.com/bigquery/docs/partitioned-tables' },
  { label: 'BigQuery clustering', href: 'https://cloud.google.com/bigquery/docs/clustered-tables' },
  { label: 'BigQuery column-level security', href: 'https://cloud.google.com/bigquery/docs/column-level-security' },
  { label: 'Cloud KMS encryption', href: 'https://cloud.google.com/kms/docs/encrypt-decrypt' },
  { label: 'BigQuery best practices', href: 'https://cloud.google.com/bigquery/docs/best-practices' },
] as const;
