/** A part of a long form under its heading. */
import type { ReactNode } from 'react';

type Props = { title: string; note?: string; children: ReactNode };

export const Section = ({ title, note, children }: Props) => (
  <fieldset className="grid gap-x-10 gap-y-4 border-b border-border pb-6 lg:grid-cols-[14rem_minmax(0,35rem)]">
    <legend className="sr-only">{title}</legend>
    <div>
      <h2>{title}</h2>
      {note && <p className="text-muted">{note}</p>}
    </div>
    <div className="flex flex-col gap-4">{children}</div>
  </fieldset>
);
