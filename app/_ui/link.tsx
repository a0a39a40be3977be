'use client';
/**
 * The portal's links: client navigation without prefetch, because a prefetch would run the page's queries unasked, and a
 * mark on the link that was clicked until its page is here. Files of lists.
 */
import NextLink, { useLinkStatus } from 'next/link';
import { type ComponentProps, useEffect } from 'react';
import { pageAwaited } from '@/app/_ui/awaited-page';

type Props = Omit<ComponentProps<typeof NextLink>, 'prefetch'>;

export function Link({ children, onClick, ...props }: Props) {
  return (
    <NextLink
      {...props}
      prefetch={false}
      onClick={event => {
        onClick?.(event);
        closeAround(event.currentTarget);
      }}
    >
      {children}
      <Mark href={props.href} />
    </NextLink>
  );
}

/** The frame stays, and with it would its drawer and menus. */
function closeAround(link: HTMLElement): void {
  link.closest<HTMLDialogElement>('dialog[open]')?.close();
  link.closest<HTMLElement>(':popover-open')?.hidePopover();
}

/** Nothing until the link was clicked; the styles show it after a moment only. */
function Mark({ href }: Pick<Props, 'href'>) {
  const { pending } = useLinkStatus();
  useEffect(() => {
    if (pending && typeof href === 'string') return pageAwaited(href);
  }, [pending, href]);
  return pending ? <span className="link-pending" aria-hidden="true" /> : null;
}

/** Downloads the list of the page as it is filtered. */
export const CsvLink = ({ href }: { href: string }) => (
  <a className="btn btn-plain" href={href} download>
    Download CSV
  </a>
);
