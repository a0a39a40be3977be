/** The text of a key: kind, 190 random bits, and a checksum that tells a typo from an unknown key without the database. */
import { createHash, randomBytes } from 'node:crypto';
import { crc32c } from '@/lib/platform/files/crc32c';
import { Secret } from '@/lib/platform/log';

export const keyKinds = { customer: 'ty_live_', service: 'ty_svc_' } as const;
export type KeyKind = keyof typeof keyKinds;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 signs of 62 are 190 bits; the four shown in lists and the checksum's last four leave 142 unknown. */
const bodyLength = 32;
const checksumLength = 6;
const shownOfBody = 4;
const shapes: Record<KeyKind, RegExp> = {
  customer: /^ty_live_[0-9A-Za-z]{38}$/,
  service: /^ty_svc_[0-9A-Za-z]{38}$/,
};

function randomBody(): string {
  let text = '';
  while (text.length < bodyLength) {
    // 248 is the largest multiple of 62 in a byte; larger bytes would favour the first signs.
    for (const byte of randomBytes(bodyLength * 2)) {
      if (byte < 248 && text.length < bodyLength) text += alphabet[byte % 62];
    }
  }
  return text;
}

/** CRC-32C of everything before it, six signs of base 62. */
function checksumOf(text: string): string {
  let rest = crc32c(Buffer.from(text, 'ascii'));
  let checksum = '';
  for (let sign = 0; sign < checksumLength; sign++) {
    checksum = alphabet[rest % 62] + checksum;
    rest = Math.floor(rest / 62);
  }
  return checksum;
}

export type NewKeyText = { secret: Secret; hash: string; prefix: string; last4: string };

/** A new key with what may be stored and shown of it. Source: docs/architecture.md, Service keys. */
export function newKeyText(kind: KeyKind): NewKeyText {
  const start = keyKinds[kind] + randomBody();
  const text = start + checksumOf(start);
  return {
    secret: new Secret(text),
    hash: hashOfKey(text),
    prefix: text.slice(0, keyKinds[kind].length + shownOfBody),
    last4: text.slice(-4),
  };
}

/** What stands in the place of a stored hash: SHA-256 in lower-case hexadecimal. Source: docs/spec/requirements.md, C-13. */
export const hashOfKey = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The kind of a well-formed key; null for any other text. Costs no look-up. */
export function kindOfKey(text: string): KeyKind | null {
  const kind: KeyKind | null = shapes.customer.test(text) ? 'customer' : shapes.service.test(text) ? 'service' : null;
  if (!kind) return null;
  return checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength) ? kind : null;
}
