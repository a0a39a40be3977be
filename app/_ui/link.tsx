/** The portal's links: client navigation without prefetch, because a prefetch would run the page's queries unasked; files of lists. */
import NextLink from 'next/link';
import type { ComponentProps } from 'react';

export function Link(props: Omit<ComponentProps<typeof NextLink>, 'prefetch'>) {
  return <NextLink {...props} prefetch={false} />;
}

/** Downloads the list of the page as it is filtered. */
export const CsvLink = ({ href }: { href: string }) => (
  <a className="btn btn-plain" href={href} download>
    Download CSV
  </a>
);
