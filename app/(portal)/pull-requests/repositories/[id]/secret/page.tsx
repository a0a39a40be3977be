/** Makes another secret for a repository's webhook; the answer to the form shows it, once. */
import { LinkButton } from '@/app/_ui/button';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { renewSecretAction } from '@/app/(portal)/pull-requests/actions';
import {
  connectedOr404,
  RepositoryFrame,
  type RepositoryPageProps,
  repositoryHref,
  repositoryWriter,
} from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';

export const generateMetadata = () => pageTitle('New webhook secret');

export default async function NewSecretPage({ params }: RepositoryPageProps) {
  const writer = await repositoryWriter('repository.renew_secret', 'make secrets of webhooks');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const { repository_id, repo } = await connectedOr404(visitor, (await params).id);
  const href = repositoryHref(repository_id);
  return (
    <RepositoryFrame visitor={visitor} crumbs={[{ label: repo, href }, { label: 'New webhook secret' }]}>
      <PageHeader
        title={`New webhook secret for ${repo}`}
        sentence="The old one ends at once: GitHub’s deliveries are refused until the new one stands in its webhook. What changes meanwhile is found by the next look."
      />
      <Form action={renewSecretAction} customerId={visitor.membership.customerId} hidden={{ repository_id }}>
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Making secret…">Make new secret</SubmitButton>
          <LinkButton variant="quiet" href={href}>
            Cancel
          </LinkButton>
        </div>
      </Form>
    </RepositoryFrame>
  );
}
