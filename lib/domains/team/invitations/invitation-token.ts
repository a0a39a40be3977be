/** The secret in an invitation's link: 256 random bits; only its SHA-256 stays. */
import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '@/lib/platform/log';

export type InvitationToken = { secret: Secret; hash: string };

/** SHA-256 of a token, in hex, as team_members holds it. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A new token. Its plain text goes into the mail and nowhere else. */
export function newInvitationToken(): InvitationToken {
  const token = randomBytes(32).toString('base64url');
  return { secret: new Secret(token), hash: hashOfToken(token) };
}
