/** Root of every page: language and theme class. Pages give their whole title: "Runs · Acme · Tenantry". */
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ContactsProvider } from '@/app/_ui/contacts-context';
import { themeCookie, toTheme } from '@/app/_ui/theme';
import { TimeBox } from '@/app/_ui/times/time-box';
import { env } from '@/lib/platform/env';
import { supportContacts } from '@/lib/platform/help';
import '@/app/globals.css';

/** Latin, Latin-1 and punctuation, all weights in one file; names in other letters are in the system's font. */
const geist = localFont({
  src: '../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--font-geist',
  display: 'swap',
  adjustFontFallback: 'Arial',
});

const description = 'API keys, quotas, team and billing of your data platform.';

/** Links to a page that are shared show the picture; no page is for search engines. */
export function generateMetadata(): Metadata {
  return {
    metadataBase: new URL(env().PORTAL_URL),
    title: 'Tenantry',
    description,
    robots: { index: false, follow: false },
    icons: { icon: '/icon.svg' },
    openGraph: {
      siteName: 'Tenantry',
      description,
      images: [
        { url: '/social.png', width: 1200, height: 630, alt: 'Tenantry: the customer portal of your data platform' },
      ],
    },
  };
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#17171a' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = toTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" className={`${geist.variable} ${theme ?? ''}`.trim()}>
      <body>
        <ContactsProvider contacts={supportContacts()}>{children}</ContactsProvider>
        <TimeBox />
      </body>
    </html>
  );
}
