/** A form that stores a secret: tested first or not, and the help beside it. */
import type { ReactNode } from 'react';
import { LinkButton } from '@/app/_ui/button';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { labelsOfKind } from '@/app/(portal)/credentials/_parts/kind-texts';
import { KindHelp, type KnownParts, SecretFields } from '@/app/(portal)/credentials/_parts/secret-fields';
import type { CredentialKind } from '@/lib/domains/credentials/rules';
import type { FormAction } from '@/lib/edge/portal/form-state';
import { newUuid } from '@/lib/platform/ids';

type Props = {
  action: FormAction;
  kind: CredentialKind;
  customerId: string;
  /** What of the stored credential can stand in the form. */
  known?: KnownParts;
  hidden?: Record<string, string>;
  /** Labels of the fields in `before` and `after`. */
  labels: Record<string, string>;
  before?: ReactNode;
  after?: ReactNode;
  cancelHref: string;
};

export function SecretForm({ action, kind, customerId, known, hidden, labels, before, after, cancelHref }: Props) {
  return (
    <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,35rem)_minmax(0,1fr)]">
      <Form
        action={action}
        customerId={customerId}
        idempotencyKey={newUuid()}
        hidden={{ ...hidden, kind }}
        labels={{ ...labels, ...labelsOfKind(kind), expires_on: 'Expires' }}
      >
        {before}
        <SecretFields kind={kind} customerId={customerId} known={known} />
        <TextField
          name="expires_on"
          type="date"
          label="Expires"
          optional
          help="The last day (UTC) on which the provider takes it. We remind you 14, 7 and 1 days before."
        />
        {after}
        <div className="flex flex-wrap gap-2">
          <SubmitButton name="intent" value="test" pending="Testing…">
            Test and save
          </SubmitButton>
          <SubmitButton name="intent" value="save" variant="plain" pending="Saving…">
            Save without testing
          </SubmitButton>
          <LinkButton variant="quiet" href={cancelHref}>
            Cancel
          </LinkButton>
        </div>
      </Form>
      <KindHelp kind={kind} />
    </div>
  );
}
