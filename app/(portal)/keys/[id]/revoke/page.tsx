/** Asks before a key is revoked; its name is typed if it was used in the last 7 days. */
import { redirect } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatRelative } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { KeyFrame, type KeyPageProps, keyOr404, keyTitle, keyWriter } from '@/app/(portal)/keys/_parts/key-page';
import { WhichKey } from '@/app/(portal)/keys/_parts/which-key';
import { revokeKeyAction } from '@/app/(portal)/keys/actions';
import { wasUsedRecently } from '@/lib/domains/keys/rules';

export const generateMetadata = () => keyTitle('Revoke API key');

export default async function RevokeKeyPage({ params }: KeyPageProps) {
  const writer = await keyWriter('api_key.revoke', 'revoke API keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const key = await keyOr404(visitor, (await params).id);
  const href = `/keys/${key.api_key_id}`;
  if (key.status === 'REVOKED') redirect(href);
  const now = visitor.ctx.clock();
  const lastUsed = key.last_used_at ? `Last used ${formatRelative(key.last_used_at, now)}.` : 'It was never used.';
  return (
    <KeyFrame visitor={visitor} crumb="Revoke">
      <PageHeader title={`Revoke ${key.name}?`} sentence={<WhichKey keyView={key} />} />
      <ConfirmForm
        action={revokeKeyAction}
        customerId={visitor.membership.customerId}
        hidden={{ api_key_id: key.api_key_id }}
        confirmLabel="Revoke key"
        pending="Revoking key…"
        cancelHref={href}
        word={wasUsedRecently(key.last_used_at, now) ? key.name : undefined}
      >
        <p>Requests with this key fail at once. {lastUsed} This cannot be undone.</p>
      </ConfirmForm>
    </KeyFrame>
  );
}
