/** Next's settings; headers here need no nonce, the policy that does is in proxy.ts. */
import type { NextConfig } from 'next';

const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  // no-referrer would make the Origin of a form null, and it would be refused.
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()',
};

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // proxy.ts leads pages to the address without a slash; clients of the data plane do not follow one with a POST.
  skipTrailingSlashRedirect: true,
  // `npm run check` checks types, with TypeScript's native compiler.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    'pg',
    'pg-boss',
    '@google-cloud/bigquery',
    '@google-cloud/kms',
    'pino',
    'prom-client',
    'ioredis',
    'rate-limiter-flexible',
    'stripe',
  ],
  experimental: {
    authInterrupts: true,
    // Next hands on what fits; a piece more than our own cap, so that what is larger is refused and not cut short.
    proxyClientMaxBodySize: 1_048_576 + 65_536,
    serverActions: { bodySizeLimit: '256kb' },
  },
  headers: async () => [
    { source: '/:path*', headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })) },
  ],
};

export default config;
