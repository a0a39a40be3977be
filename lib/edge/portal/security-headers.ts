/** Headers that protect pages: the content security policy with its nonce, and the id of the request. */
import { randomBytes } from 'node:crypto';
import { newId } from '@/lib/platform/ids';

export type PolicyInput = {
  nonce: string;
  /** Addresses that a form of ours may lead to, by itself or by a redirect (Chromium checks those too). */
  formTargets: readonly string[];
  /** Next's development tools need eval and inline styles. */
  development: boolean;
};

/** 128 random bits for one answer. */
export const newNonce = (): string => randomBytes(16).toString('base64');

/** The Content-Security-Policy of a page. */
export function contentSecurityPolicy({ nonce, formTargets, development }: PolicyInput): string {
  const origins = [...new Set(formTargets.map(target => new URL(target).origin))];
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    development ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
    // Bars and charts have computed widths; style attributes cannot load or run anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    `form-action ${["'self'", ...origins].join(' ')}`,
  ].join('; ');
}

const callerId = /^[A-Za-z0-9_-]{8,64}$/;

/** The id of a request: the one a proxy in front of us gave, if it is well-formed, else a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id');
  return given && callerId.test(given) ? given : newId('req');
}
