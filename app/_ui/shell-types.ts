/** What the frame of signed-in pages is given, and what each page gives it. */
import type { ReactNode } from 'react';
import type { NavId } from '@/app/_ui/nav';

export type Organization = { customerId: string; name: string };

/** Of the frame, which stays while pages change. */
export type ShellProps = {
  organization: Organization;
  /** Every organization of the person, this one included. */
  organizations: readonly Organization[];
  person: { name: string; email: string; role: string };
  /** Sections this person may open; others are left out. */
  allowed?: (id: NavId) => boolean;
  /** Shown for support staff. */
  supportHref?: string;
  /** Further buttons of the top bar. */
  tools?: ReactNode;
  children: ReactNode;
};

/** Of a page, made anew with it. */
export type PageProps = {
  current: NavId;
  /** Where one is below the section: "Runs", "Run 7f3a"; the last one is not a link. */
  crumbs?: readonly { label: string; href?: string }[];
  /** A Banner; the page picks the one of highest priority. */
  banner?: ReactNode;
  runsToday?: { used: number | null; limit: number | null; note: string };
  /** "Trial: 9 days left", with a link for those who may act on it. */
  trial?: { text: string; href?: string };
  children: ReactNode;
};
