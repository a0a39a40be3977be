/** Changes a provider config. */
import { PageHeader } from '@/app/_ui/page-header';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { allCredentials } from '@/app/(portal)/credentials/_parts/all-credentials';
import { ConfigForm } from '@/app/(portal)/providers/_parts/config-form';
import { credentialOptions } from '@/app/(portal)/providers/_parts/credential-options';
import {
  type ConfigPageProps,
  configHref,
  configOr404,
  configWriter,
  ProviderFrame,
} from '@/app/(portal)/providers/_parts/provider-page';
import { editConfigAction } from '@/app/(portal)/providers/actions';
import { configProviderTitles } from '@/lib/domains/providers/rules';

export const generateMetadata = () => pageTitle('Edit provider');

export default async function EditProviderPage({ params }: ConfigPageProps) {
  const writer = await configWriter('provider_config.edit', 'edit providers');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const [config, credentials] = await Promise.all([
    configOr404(visitor, (await params).id),
    allCredentials(visitor.ctx),
  ]);
  const href = configHref(config.config_id);
  return (
    <ProviderFrame visitor={visitor} crumbs={[{ label: config.name, href }, { label: 'Edit' }]}>
      <PageHeader title={`Edit ${config.name}`} sentence={configProviderTitles[config.provider]} />
      <ConfigForm
        action={editConfigAction}
        provider={config.provider}
        customerId={visitor.membership.customerId}
        credentials={credentialOptions(credentials, config.provider)}
        config={config}
        cancelHref={href}
      />
    </ProviderFrame>
  );
}
