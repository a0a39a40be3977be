/** Asks before a key is revoked; its name is typed if it was used in the last 7 days. */
import { redirect } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatPlural, formatRelative } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { ActorName } from '@/app/(portal)/_shell/actor-name';
import { KeyFrame, type KeyPageProps, keyOr404, keyTitle, keyWriter } from '@/app/(portal)/keys/_parts/key-page';
import { WhichKey } from '@/app/(portal)/keys/_parts/which-key';
import { revokeKeyAction } from '@/app/(portal)/keys/actions';
import { countCalls } from '@/lib/domains/keys/read-calls';
import { recentUseDays, wasUsedRecently } from '@/lib/domains/keys/rules';

export const generateMetadata = () => keyTitle('Revoke API key');

export default async function RevokeKeyPage({ params }: KeyPageProps) {
  const writer = await keyWriter('api_key.revoke', 'revoke API keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const key = await keyOr404(visitor, (await params).id);
  const href = `/keys/${key.api_key_id}`;
  if (key.status === 'REVOKED') redirect(href);
  const now = visitor.ctx.clock();
  const calls = (await countCalls(visitor.ctx, [key.api_key_id], recentUseDays)).get(key.api_key_id) ?? 0;
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
        <p>Requests with this key fail at once. This cannot be undone.</p>
        <p>
          {key.last_used_at ? `Last used ${formatRelative(key.last_used_at, now)}` : 'It was never used'};{' '}
          {formatPlural(calls, 'call')} in the last {recentUseDays} days (UTC).
        </p>
        <p>
          {key.replaced_by ? (
            <>
              Replaced by <ActorName label={`api_key:${key.replaced_by}`} isShort />, which goes on.
            </>
          ) : (
            'Nothing has replaced it: rotate it instead where its work goes on.'
          )}
        </p>
      </ConfirmForm>
    </KeyFrame>
  );
}
