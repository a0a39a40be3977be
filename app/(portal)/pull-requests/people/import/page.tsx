/** Takes a file of who is who, and says what became of each line. */
import { LinkButton } from '@/app/_ui/button';
import { FileField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { peopleHref } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { importIdentitiesAction } from '@/app/(portal)/pull-requests/people/actions';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';

export const generateMetadata = () => pageTitle('Import people');

const labels = { csv: 'File' };

export default async function ImportPeoplePage() {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'pull-requests:write'))
    return deniedPage(visitor, 'identity.import', 'Viewers cannot say who is who.');
  return (
    <PortalPage visitor={visitor} current="pulls" crumbs={[{ label: 'People', href: peopleHref }, { label: 'Import' }]}>
      <PageHeader
        title="Import people"
        sentence="A CSV file with the head line developer_id,login and a line a developer. Each line counts as confirmed and wins over what was said before."
      />
      <Form action={importIdentitiesAction} customerId={visitor.membership.customerId} labels={labels}>
        <FileField name="csv" label={labels.csv} accept=".csv,text/csv" help="At most 5,000 lines." required />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Importing…">Import file</SubmitButton>
          <LinkButton variant="quiet" href={peopleHref}>
            Back to people
          </LinkButton>
        </div>
      </Form>
    </PortalPage>
  );
}
