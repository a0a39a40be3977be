/** Root of every page: language and theme class. Pages give their whole title: "Runs · Acme · Tenantry". */
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ContactsProvider } from '@/app/_ui/contacts-context';
import { themeCookie, toTheme } from '@/app/_ui/theme';
import { TimeBox } from '@/app/_ui/times/time-box';
import { supportContacts } from '@/lib/platform/help';
import '@/app/globals.css';

export const metadata: Metadata = {
  title: 'Tenantry',
  description: 'API keys, quotas, team and billing of your data platform.',
  robots: { index: false, follow: false },
  icons: { icon: '/icon.svg' },
};

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
    <html lang="en" className={theme}>
      <body>
        <ContactsProvider contacts={supportContacts()}>{children}</ContactsProvider>
        <TimeBox />
      </body>
    </html>
  );
}
