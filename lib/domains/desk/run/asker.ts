/** Who asks, as desk_queries names them: results are theirs alone. */
import type { Actor } from '@/lib/kernel/ctx';

/** `user:…` or `api_key:…`, as the audit log names an actor. */
export const askerOf = ({ type, id }: Pick<Actor, 'type' | 'id'>): string => `${type}:${id}`;

/** The key of an asker; null where it is a person. */
export const keyOfAsker = (askedBy: string): string | null => /^api_key:(.+)$/.exec(askedBy)?.[1] ?? null;
