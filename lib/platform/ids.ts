/** Identifiers: UUIDs for rows that documents call UUID, short prefixed random ids for the rest. */
import { randomBytes, randomUUID } from 'node:crypto';

const alphabet = '0123456789abcdefghijkmnpqrstuvwxyz';

/** Random text of `length` characters from 34 signs (5.08 bits each), without bias. */
export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < 238 && text.length < length) text += alphabet[byte % 34];
    }
  }
  return text;
}

/** An id such as `cus_3k9…` with 101 random bits. */
export const newId = (prefix: string): string => `${prefix}_${randomText(20)}`;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID of any version. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** A random UUID (version 4). */
export const newUuid = (): string => randomUUID();
