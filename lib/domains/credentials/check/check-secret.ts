/** The connection test of any secret: reach → sign in → permission, by the provider's own smallest call. */
import { checkAwsKey, checkAwsRole, operatorIdentity } from '@/lib/domains/credentials/check/aws';
import { checkAzure } from '@/lib/domains/credentials/check/azure';
import { type CheckResult, Findings, type Learnt, StepFailed } from '@/lib/domains/credentials/check/findings';
import { checkGcp } from '@/lib/domains/credentials/check/gcp';
import { checkGithub } from '@/lib/domains/credentials/check/github';
import { checkAnthropic, checkOpenai } from '@/lib/domains/credentials/check/model-lists';
import { type CheckCall, checkCall, checkTimeoutMs, notAsked } from '@/lib/domains/credentials/check/provider-call';
import type { CredentialSecretInput } from '@/lib/domains/credentials/input';
import { kindRules, providerTitles } from '@/lib/domains/credentials/rules';
import { log } from '@/lib/platform/log';

export type Checked = {
  secret: CredentialSecretInput;
  requiredPermissions: string[];
  /** Whose it is: the external id of a role is the customer's. */
  customerId: string;
  operator?: ReturnType<typeof operatorIdentity>;
  timeoutMs?: number;
};

function ask({ secret, requiredPermissions, customerId, operator }: Checked, call: CheckCall): Promise<Learnt> {
  switch (secret.kind) {
    case 'gcp_service_account':
      return checkGcp(secret, requiredPermissions, call);
    case 'aws_access_key':
      return checkAwsKey(secret, call);
    case 'aws_role':
      return checkAwsRole(
        secret,
        { customerId, operator: operator === undefined ? operatorIdentity() : operator },
        call,
      );
    case 'azure_client_secret':
      return checkAzure(secret, call);
    case 'openai_api_key':
      return checkOpenai(secret.api_key, call);
    case 'anthropic_api_key':
      return checkAnthropic(secret.api_key, call);
    case 'github_token':
      return checkGithub(secret.token, call);
    default:
      return secret satisfies never;
  }
}

/**
 * Tests a secret; never throws. Nothing that the provider wrote is in the answer but names of its own: an account, a
 * project, an ARN. Takes at most `timeoutMs` (10 s). Source: docs/architecture.md, Credentials.
 */
export async function checkSecret(checked: Checked): Promise<CheckResult> {
  const title = providerTitles[kindRules[checked.secret.kind].provider];
  const findings = new Findings();
  try {
    return findings.done(await ask(checked, checkCall(title, findings, checked.timeoutMs ?? checkTimeoutMs)));
  } catch (error) {
    if (error instanceof StepFailed) return findings.failed(error);
    // The error of a library may hold the request, and the request the secret: its name must do.
    log().error({ kind: checked.secret.kind, error: (error as Error)?.name }, 'a connection test broke');
    return findings.failed(notAsked(title, findings, 'The test broke on our side'));
  }
}
