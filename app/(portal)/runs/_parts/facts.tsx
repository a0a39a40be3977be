/** Names and values of one thing, as a list. */
import type { ReactNode } from 'react';

type Props = {
  /** A value of null is left out. */
  facts: readonly (readonly [name: string, value: ReactNode])[];
};

export function Facts({ facts }: Props) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-table">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
