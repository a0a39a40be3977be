'use client';
/** A form around a server action: errors beside fields and in a summary that gets focus, values kept, a secret revealed once. */
import { Fragment, type ReactNode, useActionState, useEffect, useId, useRef, useState } from 'react';
import { type Summary, summaryOf } from '@/app/_ui/form-answer';
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
  /** The form's fields by name with their labels; what is wrong with any other value is said above the form. */
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
  const top = useRef<HTMLDivElement>(null);
  const summary = state.status === 'error' ? summaryOf(state, labels) : null;
  const focus = summary?.focus;
  useEffect(() => {
    if (state.status === 'error') (focus ? document.getElementById(fieldId(formId, focus)) : top.current)?.focus();
    // A long form was sent from its end: bring the answer into view.
    if (state.status === 'done') top.current?.scrollIntoView({ block: 'nearest' });
  }, [state, focus, formId]);
  if (state.status === 'done')
    return (
      <div ref={top} role="status" className="notice tone-ok">
        {state.message ?? 'Saved.'}
      </div>
    );
  if (!summary || summary.message === null) return null;
  return (
    <div ref={top} tabIndex={-1} role="alert" className="notice tone-bad">
      <SummaryText {...summary} formId={formId} />
    </div>
  );
}

/** What the fields do not say themselves, and the way to each of them. */
function SummaryText({ message, links, others, formId }: Summary & { formId: string }) {
  return (
    <>
      <p className="w-full font-semibold">{message}</p>
      {others.map(text => (
        <p key={text} className="w-full">
          {text}
        </p>
      ))}
      {links.length > 0 && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {links.map(({ name, label }) => (
            <li key={name}>
              <a className="link-quiet" href={`#${fieldId(formId, name)}`}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
