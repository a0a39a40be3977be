'use client';
/** A form around a server action: errors beside fields and in a summary that gets focus, values kept, a secret revealed once. */
import { Fragment, type ReactNode, useActionState, useEffect, useId, useRef, useState } from 'react';
import { FormContext, fieldId } from '@/app/_ui/form-context';
import { SecretReveal } from '@/app/_ui/secret-reveal';
import { type FormAction, type FormState, idle } from '@/lib/edge/portal/form-state';

type Props = {
  action: FormAction;
  children: ReactNode;
  /** The session's customer when the page was rendered; the action refuses another one (409). */
  customerId?: string;
  /** Random, made by the server while rendering; a repeat of one submission carries the same key. */
  idempotencyKey?: string;
  /** Further hidden values, such as the id the form is about. */
  hidden?: Record<string, string>;
  /** Field labels for the summary's links; a field that is missing here shows only its sentence. */
  labels?: Record<string, string>;
  className?: string;
  /** Called in the browser once the action is done, with its message. */
  onDone?: (message: string) => void;
};

export function Form(props: Props) {
  const { action, children, customerId, idempotencyKey, hidden = {}, labels, className = 'form', onDone } = props;
  const [state, submit] = useActionState(action, idle);
  const [seen, setSeen] = useState({ state, attempt: 0 });
  if (seen.state !== state) setSeen({ state, attempt: seen.attempt + 1 });
  const formId = useId();
  useEffect(() => {
    if (state.status === 'done') onDone?.(state.message ?? 'Saved.');
  }, [state, onDone]);
  if (state.status === 'done' && state.secret) return <SecretReveal {...state.secret} />;
  const machinery: Record<string, string | undefined> = {
    ...hidden,
    customer_id: customerId,
    idempotency_key: idempotencyKey && `${idempotencyKey}.${seen.attempt}`,
  };
  return (
    <FormContext value={{ state, formId }}>
      <form action={submit} noValidate={state.status === 'error'} className={className}>
        <Answer state={state} formId={formId} labels={labels} />
        {Object.entries(machinery).map(
          ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
        )}
        {/* React empties the form after each answer: new elements take the kept values as their defaults. */}
        <Fragment key={seen.attempt}>{children}</Fragment>
      </form>
    </FormContext>
  );
}

function Answer({ state, formId, labels = {} }: { state: FormState; formId: string; labels?: Record<string, string> }) {
  const summary = useRef<HTMLDivElement>(null);
  const done = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.status === 'error') summary.current?.focus();
    // A long form was sent from its end: bring the answer into view.
    if (state.status === 'done') done.current?.scrollIntoView({ block: 'nearest' });
  }, [state]);
  if (state.status === 'idle') return null;
  if (state.status === 'done')
    return (
      <div ref={done} role="status" className="notice tone-ok">
        {state.message ?? 'Saved.'}
      </div>
    );
  const errors = Object.entries(state.fieldErrors);
  return (
    <div ref={summary} tabIndex={-1} role="alert" className="notice tone-bad">
      <p className="w-full font-semibold">{state.message}</p>
      {errors.length > 0 && (
        <ul className="flex flex-col gap-1">
          {errors.map(([name, message]) => (
            <li key={name}>
              <a className="link-quiet" href={`#${fieldId(formId, name)}`}>
                {labels[name] ? `${labels[name]}: ${message}` : message}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
