/** The portal's one link: client navigation without prefetch, because a prefetch would run the page's queries unasked. */
import NextLink from 'next/link';
import type { ComponentProps } from 'react';

export function Link(props: Omit<ComponentProps<typeof NextLink>, 'prefetch'>) {
  return <NextLink {...props} prefetch={false} />;
}
