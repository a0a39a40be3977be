/** Renames a key; the key itself stays the same. */
import { LinkButton } from '@/app/_ui/button';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { KeyFrame, type KeyPageProps, keyOr404, keyTitle, keyWriter } from '@/app/(portal)/keys/_parts/key-page';
import { renameKeyAction } from '@/app/(portal)/keys/actions';

export const generateMetadata = () => keyTitle('Rename API key');

export default async function RenameKeyPage({ params }: KeyPageProps) {
  const writer = await keyWriter('api_key.rename', 'rename API keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const key = await keyOr404(visitor, (await params).id);
  return (
    <KeyFrame visitor={visitor} crumb="Rename">
      <PageHeader title={`Rename ${key.name}`} />
      <Form
        action={renameKeyAction}
        customerId={visitor.membership.customerId}
        hidden={{ api_key_id: key.api_key_id }}
        labels={{ name: 'Name' }}
      >
        <TextField name="name" label="Name" defaultValue={key.name} maxLength={80} required autoComplete="off" />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Saving…">Save name</SubmitButton>
          <LinkButton href={`/keys/${key.api_key_id}`}>Cancel</LinkButton>
        </div>
      </Form>
    </KeyFrame>
  );
}
