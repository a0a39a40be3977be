/** Stores a new secret beside the old one, which workers may still fetch for a while. */
import { ChoiceGroup } from '@/app/_ui/field';
import { formatInstant } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  CredentialFrame,
  type CredentialPageProps,
  credentialHref,
  credentialOr404,
  credentialWriter,
} from '@/app/(portal)/credentials/_parts/credential-page';
import { SecretForm } from '@/app/(portal)/credentials/_parts/secret-form';
import { rotateCredentialAction } from '@/app/(portal)/credentials/actions';
import { defaultOverlapSeconds, overlapChoices } from '@/lib/domains/credentials/rules';

export const generateMetadata = () => pageTitle('Rotate credential');

/** Each choice with the instant it means. */
const choices = (now: Date) =>
  overlapChoices.map(({ seconds, label }) => ({
    value: String(seconds),
    label,
    help: `Until ${formatInstant(new Date(now.getTime() + seconds * 1_000))}`,
  }));

export default async function RotateCredentialPage({ params }: CredentialPageProps) {
  const writer = await credentialWriter('credential.rotate', 'rotate credentials');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const credential = await credentialOr404(visitor, (await params).id);
  const href = credentialHref(credential.credential_id);
  return (
    <CredentialFrame visitor={visitor} crumbs={[{ label: credential.name, href }, { label: 'Rotate' }]}>
      <PageHeader
        title={`Rotate ${credential.name}`}
        sentence="Workers get the new secret from their next fetch on, and may ask for the old one by its version until the overlap ends."
      />
      <SecretForm
        action={rotateCredentialAction}
        kind={credential.kind}
        customerId={visitor.membership.customerId}
        known={credential}
        hidden={{ credential_id: credential.credential_id }}
        labels={{ overlap_seconds: 'Overlap' }}
        cancelHref={href}
        after={
          <ChoiceGroup
            type="radio"
            name="overlap_seconds"
            label="The old secret can be fetched for"
            options={choices(visitor.ctx.clock())}
            defaultValues={[String(defaultOverlapSeconds)]}
          />
        }
      />
    </CredentialFrame>
  );
}
