/** Replaces a key; asks how long the old one goes on, then shows the new one, once. */
import { redirect } from 'next/navigation';
import { LinkButton } from '@/app/_ui/button';
import { ChoiceGroup } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatInstant } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { KeyFrame, type KeyPageProps, keyOr404, keyTitle, keyWriter } from '@/app/(portal)/keys/_parts/key-page';
import { WhichKey } from '@/app/(portal)/keys/_parts/which-key';
import { rotateKeyAction } from '@/app/(portal)/keys/actions';
import { defaultGraceSeconds, graceChoices, graceEnd } from '@/lib/domains/keys/rules';
import type { KeyView } from '@/lib/domains/keys/view';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => keyTitle('Rotate API key');

/** Each choice with the instant it means, which the key's own expiry may cut short. */
function choices(key: KeyView, now: Date) {
  return graceChoices.map(({ seconds, label }) => {
    const help = seconds === 0 ? undefined : `Until ${formatInstant(graceEnd(key.expires_at, seconds, now))}`;
    return { value: String(seconds), label, help };
  });
}

export default async function RotateKeyPage({ params }: KeyPageProps) {
  const writer = await keyWriter('api_key.rotate', 'rotate API keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const key = await keyOr404(visitor, (await params).id);
  const href = `/keys/${key.api_key_id}`;
  if (key.status === 'REVOKED' || key.replaced_by !== null) redirect(href);
  return (
    <KeyFrame visitor={visitor} crumb="Rotate">
      <PageHeader title={`Rotate ${key.name}`} sentence={<WhichKey keyView={key} />} />
      <Form
        action={rotateKeyAction}
        customerId={visitor.membership.customerId}
        idempotencyKey={newUuid()}
        hidden={{ api_key_id: key.api_key_id }}
        labels={{ grace_seconds: 'Old key' }}
      >
        {key.status === 'EXPIRED' ? (
          <>
            <input type="hidden" name="grace_seconds" value="0" />
            <p>A new key replaces {key.name}. The old one has expired and stays that way.</p>
          </>
        ) : (
          <ChoiceGroup
            type="radio"
            name="grace_seconds"
            label={`A new key replaces ${key.name}. The old one keeps working until:`}
            options={choices(key, visitor.ctx.clock())}
            defaultValues={[String(defaultGraceSeconds)]}
          />
        )}
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Rotating key…">Rotate key</SubmitButton>
          <LinkButton href={href}>Cancel</LinkButton>
        </div>
      </Form>
    </KeyFrame>
  );
}
