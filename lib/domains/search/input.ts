/** What people may look for. */
import { z } from 'zod';

/** Longer than any name or id of ours. */
export const maxQuery = 200;

/** The start of a key is what lists show of it; whoever pastes a whole one looks for its row, and the rest is dropped. */
const shownStart = /\b(ty_(?:live|test|svc|service)_\w{4})\w+/g;

export const searchInput = z.strictObject({
  q: z
    .string()
    .default('')
    .transform(text => text.replace(shownStart, '$1').trim().slice(0, maxQuery)),
});
