/** What a person can say of one developer: that is the account, it is not, it is another, or nothing any more. */
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import {
  confirmIdentityAction,
  rejectIdentityAction,
  removeIdentityAction,
} from '@/app/(portal)/pull-requests/people/actions';
import type { Person } from '@/lib/domains/pull-requests/people/read-people';

const labels = { login: 'Login on GitHub' };

export function PersonForms({ person, customerId }: { person: Person; customerId: string }) {
  const { developer_id, login, state } = person;
  const of = <span className="sr-only"> for {developer_id}</span>;
  const form = { customerId, hidden: { developer_id }, className: 'inline-flex flex-wrap gap-1' };
  const isSaid = state === 'CONFIRMED' || state === 'REJECTED';
  return (
    <div className="flex flex-wrap items-start gap-1">
      {state === 'SUGGESTED' && login !== null && (
        <Form action={confirmIdentityAction} {...form} hidden={{ developer_id, login }}>
          <SubmitButton variant="plain" pending="Confirming…">
            Confirm{of}
          </SubmitButton>
        </Form>
      )}
      {(state === 'SUGGESTED' || state === 'CONFIRMED' || state === 'SAME_NAME') && (
        <Form action={rejectIdentityAction} {...form}>
          <SubmitButton variant="quiet" pending="Saving…">
            Not this person{of}
          </SubmitButton>
        </Form>
      )}
      {isSaid && (
        <Form action={removeIdentityAction} {...form}>
          <SubmitButton variant="quiet" pending="Taking back…">
            Take back{of}
          </SubmitButton>
        </Form>
      )}
      <details>
        <summary className="btn btn-quiet cursor-pointer">
          {login === null || state === 'REJECTED' ? 'Name the account' : 'Another account'}
          {of}
        </summary>
        <Form
          action={confirmIdentityAction}
          customerId={customerId}
          hidden={{ developer_id }}
          labels={labels}
          className="mt-2 flex flex-wrap items-end gap-2"
        >
          <TextField name="login" label={labels.login} required maxLength={45} autoComplete="off" spellCheck={false} />
          <SubmitButton variant="plain" pending="Saving…">
            Save{of}
          </SubmitButton>
        </Form>
      </details>
    </div>
  );
}
