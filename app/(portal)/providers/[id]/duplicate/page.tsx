/** Copies a provider config under another name; the copy is off. */
import { LinkButton } from '@/app/_ui/button';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  type ConfigPageProps,
  configHref,
  configOr404,
  configWriter,
  ProviderFrame,
} from '@/app/(portal)/providers/_parts/provider-page';
import { duplicateConfigAction } from '@/app/(portal)/providers/actions';
import { newUuid } from '@/lib/platform/ids';

export const generateMetadata = () => pageTitle('Duplicate provider');

export default async function DuplicateProviderPage({ params }: ConfigPageProps) {
  const writer = await configWriter('provider_config.duplicate', 'add providers');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const config = await configOr404(visitor, (await params).id);
  const href = configHref(config.config_id);
  return (
    <ProviderFrame visitor={visitor} crumbs={[{ label: config.name, href }, { label: 'Duplicate' }]}>
      <PageHeader
        title={`Duplicate ${config.name}`}
        sentence="The copy has the same credential, schedule, parameters and messages. It is off until you turn it on."
      />
      <Form
        action={duplicateConfigAction}
        customerId={visitor.membership.customerId}
        idempotencyKey={newUuid()}
        hidden={{ config_id: config.config_id }}
        labels={{ name: 'Name' }}
      >
        <TextField
          name="name"
          label="Name"
          defaultValue={`${[...config.name].slice(0, 70).join('')} (copy)`}
          maxLength={80}
          required
          autoComplete="off"
        />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Duplicating…">Duplicate</SubmitButton>
          <LinkButton href={href}>Cancel</LinkButton>
        </div>
      </Form>
    </ProviderFrame>
  );
}
