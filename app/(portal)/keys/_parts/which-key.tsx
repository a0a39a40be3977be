/** Which of several keys of one name it is, where something is about to be done to it. */
import { formatInstant } from '@/app/_ui/format';
import type { KeyView } from '@/lib/domains/keys/view';

type Known = Pick<KeyView, 'key_prefix' | 'key_last4' | 'created_at'>;

/** "ty_live_4f2a…9xQz, created 3 Nov 2026, 14:02:09 UTC." */
export function WhichKey({ keyView: { key_prefix, key_last4, created_at } }: { keyView: Known }) {
  return (
    <>
      <code className="whitespace-nowrap">{`${key_prefix}…${key_last4}`}</code>, created {formatInstant(created_at)}.
    </>
  );
}
