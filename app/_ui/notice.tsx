/** A sentence the page must say: Notice inside main, Banner above it (at most one a page). */
import type { ReactNode } from 'react';
import { Closable } from '@/app/_ui/closable';
import { Icon } from '@/app/_ui/icon';
import { type Tone, toneIcons } from '@/app/_ui/status';

type Props = {
  tone: Tone;
  /** What happened, in a few words; optional for one-sentence notices. */
  title?: string;
  children: ReactNode;
  /** One link or button. */
  action?: ReactNode;
  /** For what was just done: whoever has read it may close it. */
  closable?: boolean;
};

/** Bad ones interrupt (`alert`), others are read when there is time (`status`). */
export function Notice({ tone, title, children, action, closable = false }: Props) {
  const look = { role: tone === 'bad' ? 'alert' : 'status', className: `notice items-center tone-${tone}` };
  const content = (
    <>
      <Icon name={toneIcons[tone]} />
      <div className="min-w-0 flex-1 basis-60 text-text">
        {title && <p className="font-semibold">{title}</p>}
        <div className="max-w-prose">{children}</div>
      </div>
      {action}
    </>
  );
  return closable ? <Closable {...look}>{content}</Closable> : <div {...look}>{content}</div>;
}

/** The same as a region over the content: "Daily run limit reached: 6 of 6. …" [Change plan]. */
export function Banner(props: Props) {
  return (
    <div className="mb-4">
      <Notice {...props} />
    </div>
  );
}
