'use client';
/** One question before something breaks: native dialog opened by an invoker command, so it works before and without our script. */
import { type ReactNode, useCallback, useId, useState } from 'react';
import { Form } from '@/app/_ui/form';
import { useField } from '@/app/_ui/form-context';
import { SubmitButton } from '@/app/_ui/submit-button';
import type { FormAction } from '@/lib/edge/portal/form-state';

type Props = {
  /** Text of the button that opens the dialog; ends in "…". */
  trigger: ReactNode;
  triggerClassName?: string;
  /** A question that names the thing: "Revoke ci-loader?" */
  title: string;
  /** What will happen, with counts. */
  children: ReactNode;
  /** The verb and noun again: "Revoke key". */
  confirmLabel: string;
  pending: string;
  action: FormAction;
  /** Must be typed before the button works; the server checks it too, under the field name `confirm`. */
  word?: string;
  hidden?: Record<string, string>;
  /** Names of the fields that `children` hold, for the summary of errors. */
  labels?: Record<string, string>;
  customerId?: string;
  idempotencyKey?: string;
};

export function ConfirmDialog({ trigger, triggerClassName = 'btn btn-plain', title, ...rest }: Props) {
  const id = useId();
  const [done, setDone] = useState('');
  const onDone = useCallback(
    (message: string) => {
      const dialog = document.getElementById(id);
      if (dialog instanceof HTMLDialogElement) dialog.close();
      setDone(message);
    },
    [id],
  );
  return (
    <>
      <button type="button" className={triggerClassName} {...{ command: 'show-modal', commandfor: id }}>
        {trigger}
      </button>
      <dialog id={id} className="dialog" aria-labelledby={`${id}-title`}>
        <h2 id={`${id}-title`} className="mb-2 wrap-anywhere">
          {title}
        </h2>
        <ConfirmForm {...rest} dialogId={id} onDone={onDone} />
      </dialog>
      <span role="status" className="text-table text-ok">
        {done}
      </span>
    </>
  );
}

type FormProps = Omit<Props, 'trigger' | 'triggerClassName' | 'title'> & {
  dialogId?: string;
  /** Where Cancel leads when the question is a page of its own (danger level 3). */
  cancelHref?: string;
  /** Text of the way out, where "Cancel" would be mistaken for the deed. */
  cancelLabel?: string;
  onDone?: (message: string) => void;
};

/** The question's form alone, for a page of its own. */
export function ConfirmForm(props: FormProps) {
  const { children, confirmLabel, pending, word, dialogId, cancelHref = '?', cancelLabel = 'Cancel', ...form } = props;
  return (
    <Form labels={word === undefined ? undefined : { confirm: 'Confirmation' }} {...form}>
      <div className="text-muted">{children}</div>
      {word !== undefined && <WordField word={word} />}
      <div className="flex flex-wrap justify-end gap-2">
        {dialogId ? (
          <button
            type="button"
            className="btn btn-plain"
            // The attribute, not React's autoFocus: the browser must find it when the dialog opens.
            ref={button => button?.setAttribute('autofocus', '')}
            {...{ command: 'close', commandfor: dialogId }}
          >
            {cancelLabel}
          </button>
        ) : (
          <a className="btn btn-plain" href={cancelHref}>
            {cancelLabel}
          </a>
        )}
        <SubmitButton variant="danger" pending={pending}>
          {confirmLabel}
        </SubmitButton>
      </div>
    </Form>
  );
}

/** The browser itself refuses another word, so the button need not wait for a script to wake up. */
function WordField({ word }: { word: string }) {
  const { id, error } = useField('confirm');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id}>
        Type <strong className="wrap-anywhere">{word}</strong> to confirm
      </label>
      <input
        id={id}
        name="confirm"
        className="control"
        required
        pattern={`\\s*${word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}\\s*`}
        title={`Type ${word}`}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
      />
      {error && (
        <p id={`${id}-error`} className="font-medium text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
