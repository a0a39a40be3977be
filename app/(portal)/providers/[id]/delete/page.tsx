/** Asks before a provider config is deleted; its name is typed if it ran in the last 7 days. */
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatRelative } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  type ConfigPageProps,
  configHref,
  configOr404,
  configWriter,
  ProviderFrame,
} from '@/app/(portal)/providers/_parts/provider-page';
import { deleteConfigAction } from '@/app/(portal)/providers/actions';
import { wasRunRecently } from '@/lib/domains/providers/rules';

export const generateMetadata = () => pageTitle('Delete provider');

export default async function DeleteProviderPage({ params }: ConfigPageProps) {
  const writer = await configWriter('provider_config.delete', 'delete providers');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const config = await configOr404(visitor, (await params).id);
  const { name, last_run_at } = config;
  const href = configHref(config.config_id);
  const now = visitor.ctx.clock();
  return (
    <ProviderFrame visitor={visitor} crumbs={[{ label: name, href }, { label: 'Delete' }]}>
      <PageHeader title={`Delete ${name}?`} />
      <ConfirmForm
        action={deleteConfigAction}
        customerId={visitor.membership.customerId}
        hidden={{ config_id: config.config_id }}
        confirmLabel="Delete provider"
        pending="Deleting provider…"
        cancelHref={href}
        word={wasRunRecently(last_run_at, now) ? name : undefined}
      >
        <p>
          Its schedule ends and runs of it that wait are cancelled.{' '}
          {last_run_at ? `It last ran ${formatRelative(last_run_at, now)}.` : 'It never ran.'} Runs that were, their
          data and its credential stay. This cannot be undone; to pause it, turn it off.
        </p>
      </ConfirmForm>
    </ProviderFrame>
  );
}
