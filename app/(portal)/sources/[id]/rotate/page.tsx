/** Asks how long the write key before the rotation may go on. */
import { LinkButton } from '@/app/_ui/button';
import { ChoiceGroup } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatInstant } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { SubmitButton } from '@/app/_ui/submit-button';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import {
  SourceFrame,
  type SourcePageProps,
  sourceHref,
  sourceOr404,
  sourceWriter,
} from '@/app/(portal)/sources/_parts/source-page';
import { rotateWriteKeyAction } from '@/app/(portal)/sources/actions';
import { defaultOverlapSeconds, overlapChoices } from '@/lib/domains/events/input';

export const generateMetadata = () => pageTitle('Rotate write key');

/** Each choice with the instant it means. */
const choices = (now: Date) =>
  overlapChoices.map(({ seconds, label }) => ({
    value: String(seconds),
    label,
    help:
      seconds === 0
        ? 'Pages and apps that still have the old key lose their events.'
        : `Until ${formatInstant(new Date(now.getTime() + seconds * 1_000))}`,
  }));

export default async function RotateWriteKeyPage({ params }: SourcePageProps) {
  const writer = await sourceWriter('event_source.rotate_key', 'rotate write keys');
  if ('refused' in writer) return writer.refused;
  const { visitor } = writer;
  const source = await sourceOr404(visitor, (await params).id);
  const href = sourceHref(source.source_id);
  const current = source.write_keys.find(key => key.expires_at === null);
  return (
    <SourceFrame visitor={visitor} crumbs={[{ label: source.name, href }, { label: 'Rotate write key' }]}>
      <PageHeader
        title={`Rotate the write key of ${source.name}`}
        sentence="A new write key takes the place of the current one. Pages that people have open go on with the old one, so give them time."
      />
      <Form
        action={rotateWriteKeyAction}
        customerId={visitor.membership.customerId}
        hidden={{ source_id: source.source_id, write_key: current?.write_key ?? '' }}
        labels={{ overlap_seconds: 'Overlap' }}
      >
        <ChoiceGroup
          type="radio"
          name="overlap_seconds"
          label="The old write key works for"
          options={choices(visitor.ctx.clock())}
          defaultValues={[String(defaultOverlapSeconds)]}
        />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Rotating…">Rotate write key</SubmitButton>
          <LinkButton variant="quiet" href={href}>
            Cancel
          </LinkButton>
        </div>
      </Form>
    </SourceFrame>
  );
}
