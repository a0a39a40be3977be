/** Gives a repository another token. */
import { LinkButton } from '@/app/_ui/button';
import { SelectField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { editRepositoryAction } from '@/app/(portal)/pull-requests/actions';
import {
  connectedOr404,
  RepositoryFrame,
  type RepositoryPageProps,
  repositoryHref,
  repositoryWriter,
  tokenOptions,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';

export const generateMetadata = () => pageTitle('Change credential');

export default async function EditRepositoryPage({ params }: RepositoryPageProps) {
  const writer = await repositoryWriter('repository.edit', 'change repositories');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const { repository_id, repo, credential_id } = await connectedOr404(visitor, (await params).id);
  const href = repositoryHref(repository_id);
  return (
    <RepositoryFrame visitor={visitor} crumbs={[{ label: repo, href }, { label: 'Change credential' }]}>
      <PageHeader title={`Change credential of ${repo}`} sentence="The repository is read by the new one at once." />
      <Form
        action={editRepositoryAction}
        customerId={visitor.membership.customerId}
        hidden={{ repository_id }}
        labels={{ credential_id: 'Token' }}
      >
        <SelectField
          name="credential_id"
          label="Token"
          help="It needs read access to the repository’s pull requests and contents."
          options={await tokenOptions(visitor)}
          defaultValue={credential_id}
        />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Saving…">Save</SubmitButton>
          <LinkButton variant="quiet" href={href}>
            Cancel
          </LinkButton>
        </div>
      </Form>
    </RepositoryFrame>
  );
}
