/** Frame of the support console: its own bar in the colour of a warning, no customer's navigation. */
import type { ReactNode } from 'react';
import { Icon } from '@/app/_ui/icon';
import { Link } from '@/app/_ui/link';
import { Tabs } from '@/app/_ui/tabs';

const pages = [
  { id: 'customers', href: '/support', label: 'Customers and jobs' },
  { id: 'billing', href: '/support/billing', label: 'Billing' },
  { id: 'refusals', href: '/support/refusals', label: 'Refusals' },
] as const;

type Props = { email: string; isMember: boolean; current: (typeof pages)[number]['id']; children: ReactNode };

export function SupportPage({ email, isMember, current, children }: Props) {
  return (
    <>
      <a href="#main" className="skip-link link">
        Skip to content
      </a>
      <header className="tone-warn flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
        <span className="flex items-center gap-2 font-semibold">
          <Icon name="shield" />
          Support console
        </span>
        <span className="text-table text-text">Everything you read here is logged.</span>
        <span className="ml-auto flex flex-wrap items-center gap-3 text-table text-text">
          <span className="wrap-anywhere">{email}</span>
          {isMember && (
            <Link href="/" className="link">
              Own organization
            </Link>
          )}
          <form action="/api/session/sign-out" method="post">
            <button type="submit" className="btn btn-plain">
              Sign out
            </button>
          </form>
        </span>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto flex max-w-content flex-col gap-6 px-4 py-6 sm:px-8">
        <Tabs
          label="Support console"
          items={pages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
        />
        {children}
      </main>
    </>
  );
}
