/** Asks before a write key stops working at once. */
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { ChoiceGroup } from '@/app/_ui/field';
import { formatRelative } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  SourceFrame,
  type SourcePageProps,
  sourceHref,
  sourceOr404,
  sourceWriter,
} from '@/app/(portal)/sources/_parts/source-page';
import { revokeWriteKeyAction } from '@/app/(portal)/sources/actions';
import type { WriteKeyView } from '@/lib/domains/events/view';

export const generateMetadata = () => pageTitle('Revoke write key');

type Props = SourcePageProps & { searchParams: Promise<{ key?: string | string[] }> };

const used = ({ last_used_at }: WriteKeyView, now: Date): string =>
  last_used_at ? `Last used ${formatRelative(last_used_at, now)}.` : 'Never used.';

export default async function RevokeWriteKeyPage({ params, searchParams }: Props) {
  const writer = await sourceWriter('event_source.revoke_key', 'revoke write keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const source = await sourceOr404(visitor, (await params).id);
  const href = sourceHref(source.source_id);
  const now = visitor.ctx.clock();
  const [asked] = [(await searchParams).key ?? []].flat();
  const chosen = source.write_keys.find(key => key.write_key === asked) ?? source.write_keys.at(-1);
  return (
    <SourceFrame visitor={visitor} crumbs={[{ label: source.name, href }, { label: 'Revoke write key' }]}>
      <PageHeader title={`Revoke a write key of ${source.name}?`} />
      <ConfirmForm
        action={revokeWriteKeyAction}
        customerId={visitor.membership.customerId}
        hidden={{ source_id: source.source_id }}
        confirmLabel="Revoke write key"
        pending="Revoking…"
        cancelHref={href}
      >
        <div className="flex flex-col gap-3">
          <p>
            Events with it are refused with 401 at once, also from pages that are open; SDKs drop what is refused. This
            cannot be undone.
          </p>
          <ChoiceGroup
            type="radio"
            name="write_key"
            label="Write key"
            options={source.write_keys.map((key, index) => ({
              value: key.write_key,
              label: `${key.write_key}${index === 0 ? ' (current)' : ''}`,
              help: used(key, now),
            }))}
            defaultValues={chosen ? [chosen.write_key] : []}
          />
        </div>
      </ConfirmForm>
    </SourceFrame>
  );
}
