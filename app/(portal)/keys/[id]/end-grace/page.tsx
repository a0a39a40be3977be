/** Asks before a rotated key's remaining time is cut off. */
import { redirect } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatInstant, formatRelative } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { KeyFrame, type KeyPageProps, keyOr404, keyTitle, keyWriter } from '@/app/(portal)/keys/_parts/key-page';
import { WhichKey } from '@/app/(portal)/keys/_parts/which-key';
import { endGraceAction } from '@/app/(portal)/keys/actions';

export const generateMetadata = () => keyTitle('End old API key');

export default async function EndGracePage({ params }: KeyPageProps) {
  const writer = await keyWriter('api_key.end_grace', 'end API keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const key = await keyOr404(visitor, (await params).id);
  const href = `/keys/${key.api_key_id}`;
  if (key.status !== 'REPLACED' || !key.expires_at) redirect(href);
  const used = key.last_used_at
    ? `Last used ${formatRelative(key.last_used_at, visitor.ctx.clock())}.`
    : 'It was never used.';
  return (
    <KeyFrame visitor={visitor} crumb="End old key">
      <PageHeader title={`End the old key of ${key.name} now?`} sentence={<WhichKey keyView={key} />} />
      <ConfirmForm
        action={endGraceAction}
        customerId={visitor.membership.customerId}
        hidden={{ api_key_id: key.api_key_id }}
        confirmLabel="End old key"
        pending="Ending old key…"
        cancelHref={href}
      >
        <p>
          It would work until {formatInstant(key.expires_at)}. Requests with it fail at once. {used} The new key goes
          on.
        </p>
      </ConfirmForm>
    </KeyFrame>
  );
}
