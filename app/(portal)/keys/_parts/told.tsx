/** What was just done with a key, told from the key as it is. */
import { Notice } from '@/app/_ui/notice';
import type { KeyView } from '@/lib/domains/keys/view';

function sentenceOf(done: string | undefined, { name, status, key_prefix, key_last4 }: KeyView): string | null {
  const start = `${key_prefix}…${key_last4}`;
  switch (done) {
    case 'renamed':
      return `The key is called ${name} now.`;
    case 'revoked':
      return status === 'REVOKED' ? `${name} (${start}) is revoked: requests with it are refused with 401.` : null;
    case 'ended':
      return status === 'ACTIVE' ? null : `The old key (${start}) works no more; the new one goes on.`;
    default:
      return null;
  }
}

export function Told({ done, keyView }: { done: string | undefined; keyView: KeyView }) {
  const sentence = sentenceOf(done, keyView);
  return (
    sentence && (
      <Notice tone="ok" closable>
        {sentence}
      </Notice>
    )
  );
}
