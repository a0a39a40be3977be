/** The fields of one kind's secret: written, never shown again. */
import { CopyButton } from '@/app/_ui/copy-button';
import { FileField, TextArea, TextField } from '@/app/_ui/field';
import { Notice } from '@/app/_ui/notice';
import { kindTexts, type SecretField, secretLabels } from '@/app/(portal)/credentials/_parts/kind-texts';
import { awsExternalId, type CredentialKind, kindRules } from '@/lib/domains/credentials/rules';
import { trustPolicyOf } from '@/lib/domains/credentials/trust-policy';

const plain = { autoComplete: 'off', spellCheck: false } as const;
const label = (field: SecretField) => ({ name: field, label: secretLabels[field] });

const Hidden = ({ field, help }: { field: SecretField; help?: string }) => (
  <TextField {...label(field)} {...plain} type="password" help={help} required />
);

const Region = ({ region }: { region?: string | null }) => (
  <TextField {...label('region')} {...plain} defaultValue={region ?? 'us-east-1'} maxLength={40} required />
);

/** What of a stored credential is no secret and can stand in its form. */
export type KnownParts = { region: string | null };
type Props = { kind: CredentialKind; customerId: string; known?: KnownParts };

export function SecretFields({ kind, customerId, known }: Props) {
  switch (kind) {
    case 'gcp_service_account':
      return (
        <>
          <TextArea
            {...label('service_account_json')}
            {...plain}
            secret
            rows={6}
            mono
            help="Paste the whole file as Google Cloud made it, or choose it below."
          />
          <FileField {...label('service_account_file')} accept="application/json,.json" />
        </>
      );
    case 'aws_access_key':
      return (
        <>
          <TextField {...label('access_key_id')} {...plain} placeholder="AKIA…" maxLength={40} required />
          <Hidden field="secret_access_key" />
          <Region region={known?.region} />
        </>
      );
    case 'aws_role':
      return (
        <>
          <TrustPolicy customerId={customerId} />
          <TextField
            {...label('role_arn')}
            {...plain}
            placeholder="arn:aws:iam::123456789012:role/tenantry"
            maxLength={600}
            required
          />
          <Region region={known?.region} />
        </>
      );
    case 'azure_client_secret':
      return (
        <>
          <TextField {...label('tenant_id')} {...plain} maxLength={40} required />
          <TextField {...label('client_id')} {...plain} maxLength={40} required />
          <Hidden field="client_secret" help="The value that Azure shows once, not the secret’s id." />
          <TextField
            {...label('subscription_id')}
            {...plain}
            maxLength={40}
            optional
            help="The connection test then asks for access to this one."
          />
        </>
      );
    case 'openai_api_key':
      return <Hidden field="api_key" help="Begins with sk-." />;
    case 'anthropic_api_key':
      return <Hidden field="api_key" help="Begins with sk-ant-." />;
    case 'github_token':
      return <Hidden field="token" help="Begins with github_pat_ or ghp_." />;
    default:
      return kind satisfies never;
  }
}

/** The external id and the policy that makes the role ours to take. */
function TrustPolicy({ customerId }: { customerId: string }) {
  const policy = trustPolicyOf(customerId);
  if (!policy)
    return (
      <Notice tone="warn">
        The operator of this service has not named its AWS identity, so that no role can let it in yet. Your external id
        will be <code>{awsExternalId(customerId)}</code>.
      </Notice>
    );
  return (
    <div className="flex flex-col gap-2">
      <h2>Trust policy of the role</h2>
      <p className="text-muted">
        The external id <code className="wrap-anywhere">{awsExternalId(customerId)}</code> is yours alone: nobody else’s
        credential can have this service take your role.
      </p>
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: a box that scrolls must be reachable by keyboard. */}
      <div role="group" aria-label="Trust policy" tabIndex={0} className="scroll-box rounded-card bg-sunken p-3">
        <pre className="whitespace-pre-wrap text-table wrap-anywhere">{policy}</pre>
      </div>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: as above. */}
      <CopyButton value={policy} label="Copy trust policy" noun="policy" />
    </div>
  );
}

/** Beside the form: where the secret is made and the least it must be allowed. */
export function KindHelp({ kind }: { kind: CredentialKind }) {
  const { permission, source } = kindTexts[kind];
  return (
    <aside className="card flex max-w-prose flex-col gap-3 self-start p-4" aria-label="How to make it">
      <h2>{kindRules[kind].title}</h2>
      <div>
        <h3 className="font-medium">Where to make it</h3>
        <p className="text-muted">{source}</p>
      </div>
      <div>
        <h3 className="font-medium">Least permission</h3>
        <p className="text-muted">{permission}</p>
      </div>
      <div>
        <h3 className="font-medium">What happens to it</h3>
        <p className="text-muted">
          It is sealed before it is stored and is not shown again. Your pipelines fetch it with an API key that has the
          scope credentials:read; each fetch is on record.
        </p>
      </div>
    </aside>
  );
}
