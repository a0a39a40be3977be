/** The trust policy by which a customer's AWS role lets this service take it. Source: docs/architecture.md, Credentials. */
import { awsExternalId } from '@/lib/domains/credentials/rules';
import { env } from '@/lib/platform/env';

/** The policy of a role of this customer as JSON to paste; null where the operator has not named an AWS identity. */
export function trustPolicyOf(customerId: string): string | null {
  const principal = env().AWS_PRINCIPAL_ARN;
  if (!principal) return null;
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': awsExternalId(customerId) } },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
}
