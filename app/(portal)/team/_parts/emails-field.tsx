'use client';
/** The addresses to invite, with how many of the free seats they take, counted while typing. */
import { useState } from 'react';
import { TextArea } from '@/app/_ui/field';
import { splitAddresses } from '@/lib/domains/team/rules';

export function EmailsField({ freeSeats }: { freeSeats: number }) {
  const [count, setCount] = useState(0);
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
