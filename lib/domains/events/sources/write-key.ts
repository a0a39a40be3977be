/** The text of a write key. It stands in pages of browsers, so it is no secret; it only cannot be guessed. */
import { randomText } from '@/lib/platform/ids';

const prefix = 'wk_';
const length = 28;

/** A new write key with 142 random bits. */
export const newWriteKey = (): string => prefix + randomText(length);

/** Whether a text can be a write key, so that what cannot costs no look-up. */
export const isWriteKey = (text: string): boolean => /^wk_[0-9a-z]{28}$/.test(text);
