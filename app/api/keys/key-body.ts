/** A key as the JSON API shows it: instants as text, the plain text only in the answer that made it. */
import type { KeyView } from '@/lib/domains/keys/view';
import type { Secret } from '@/lib/platform/log';

const noStore = { 'cache-control': 'no-store' };

/** The answer that carries a new key's plain text as `key`, the only time there is. */
export const newKeyAnswer = (key: KeyView, secret: Secret, extra: Record<string, unknown> = {}) => ({
  status: 201,
  body: { ...key, key: secret.reveal(), ...extra },
  headers: { ...noStore, location: `/api/keys/${key.api_key_id}` },
});
