/** Root of every page: language and theme class. Pages give their whole title: "Runs · Acme · Tenantry". */
import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { themeCookie, toTheme } from '@/app/_ui/theme';
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
      <body>{children}</body>
    </html>
  );
}
