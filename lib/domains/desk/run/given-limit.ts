/** The LIMIT that a text was given, as the text that ran says it. */
import { readTokens } from '@/lib/domains/desk/check/lexical';

/** Null where the text as it was written has a LIMIT of its own. */
export function givenLimit(written: string, executed: string): number | null {
  if (readTokens(written, 0).plain.trimEnd() === executed) return null;
  // Only brackets can follow the one that was added.
  const [, limit] = /\nLIMIT (\d+)[\s)]*$/.exec(executed) ?? [];
  return limit === undefined ? null : Number(limit);
}
