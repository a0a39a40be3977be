'use client';
/** The addresses to invite, with how many of the free seats they take, counted while typing. */
import { useState } from 'react';
import { TextArea } from '@/app/_ui/field';
import { useField } from '@/app/_ui/form-context';
import { splitAddresses } from '@/lib/domains/team/rules';

export function EmailsField({ freeSeats }: { freeSeats: number }) {
  // After a refusal the field starts with what was typed.
  const { kept } = useField('emails');
  const [count, setCount] = useState(() => splitAddresses(kept?.[0] ?? '').length);
  const seats = freeSeats === 1 ? '1 free seat' : `${freeSeats} free seats`;
  return (
    <div className="flex flex-col gap-1">
      <TextArea
        name="emails"
        label="Email addresses"
        help="One per line, or separated by commas."
        placeholder="mia@example.com"
        rows={4}
        required
        autoComplete="off"
        spellCheck={false}
        onInput={event => setCount(splitAddresses(event.currentTarget.value).length)}
      />
      <p className={`text-meta ${count > freeSeats ? 'font-medium text-bad' : 'text-muted'}`} aria-live="polite">
        Uses {count} of {seats}.
      </p>
    </div>
  );
}
