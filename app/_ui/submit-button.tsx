'use client';
/** The button that sends its form: stays enabled until sent, then says what is going on and ignores further clicks. */
import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import type { ButtonVariant } from '@/app/_ui/button';

type Props = {
  children: ReactNode;
  /** Text while the answer is awaited, such as "Creating key…". */
  pending: string;
  variant?: ButtonVariant;
  name?: string;
  value?: string;
};

export function SubmitButton({ children, pending, variant = 'primary', name, value }: Props) {
  const status = useFormStatus();
  const isSent = status.pending && (!name || status.data.get(name) === value);
  return (
    <button
      type="submit"
      name={name}
      value={value}
      className={`btn btn-${variant}`}
      // aria-disabled keeps focus, which `disabled` would lose.
      aria-disabled={status.pending || undefined}
      data-pending={isSent || undefined}
      onClick={event => {
        if (status.pending) event.preventDefault();
      }}
    >
      {isSent ? (
        <>
          <span
            aria-hidden="true"
            className="spinner size-4 rounded-full border-2 border-current border-t-transparent"
          />
          <span role="status">{pending}</span>
        </>
      ) : (
        children
      )}
    </button>
  );
}
