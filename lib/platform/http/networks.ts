/** Addresses of callers, and the networks that stand for them where whole addresses are not kept. */
import { isIP } from 'node:net';

/** The address without spaces and without the IPv6 form of an IPv4 one; null for anything that is no address. */
export function plainAddress(address: string | null | undefined): string | null {
  const plain = (address ?? '').trim().replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) ? plain : null;
}

/** The address cut to /24 (IPv4) or /48 (IPv6); null for anything that is no address. */
export function cutAddress(address: string | null | undefined): string | null {
  const plain = plainAddress(address);
  if (plain === null) return null;
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = ''] = plain.split('::');
  const groups = head.split(':').filter(Boolean);
  const first = [...groups, '0', '0', '0'].slice(0, 3);
  return `${first.join(':')}::/48`;
}

/** The first address of that network, for columns that hold addresses. */
export const networkOf = (address: string): string | null => cutAddress(address)?.replace(/\/\d+$/, '') ?? null;
