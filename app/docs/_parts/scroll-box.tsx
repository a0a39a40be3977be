/** A box that scrolls sideways by itself, so that a wide table or a long line never widens the page. */
import type { ReactNode } from 'react';

export function ScrollBox({
  label,
  className = '',
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
    <section className={`card scroll-box ${className}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
