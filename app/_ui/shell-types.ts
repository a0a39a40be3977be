/** What the frame of signed-in pages is given. */
import type { ReactNode } from 'react';
import type { NavId } from '@/app/_ui/nav';

export type Organization = { customerId: string; name: string };

export type ShellProps = {
  organization: Organization;
  /** Every organization of the person, this one included. */
  organizations: readonly Organization[];
  person: { name: string; email: string; role: string };
  current: NavId;
  /** Where one is below the nav's section: "Runs", "Run 7f3a"; the last one is not a link. */
  crumbs?: readonly { label: string; href?: string }[];
  /** Sections this person may open; others are left out. */
  allowed?: (id: NavId) => boolean;
  /** A Banner; the page picks the one of highest priority. */
  banner?: ReactNode;
  runsToday?: { used: number | null; limit: number | null; note: string };
  /** "Trial: 9 days left", with a link for those who may act on it. */
  trial?: { text: string; href?: string };
  /** Shown for support staff. */
  supportHref?: string;
  children: ReactNode;
};
