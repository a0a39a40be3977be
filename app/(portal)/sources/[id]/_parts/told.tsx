/** What was just done with a source, told from the source as it is; turning off can be undone. */
import { DoneNotice } from '@/app/_ui/done-notice';
import { formatInstant } from '@/app/_ui/format';
import { switchSourceAction } from '@/app/(portal)/sources/actions';
import type { SourceView } from '@/lib/domains/events/view';

type Props = { done: string | undefined; source: SourceView; customerId: string; mayWrite: boolean };

function sentenceOf(done: string, { name, is_enabled, write_keys }: SourceView): string | null {
  const [, before] = write_keys;
  switch (done) {
    case 'created':
      return `${name} is there and takes events.`;
    case 'saved':
      return 'The changes are saved.';
    case 'on':
      return is_enabled ? `${name} takes events again.` : null;
    case 'off':
      return is_enabled ? null : `${name} is off: its events are refused with 403. What was taken stays.`;
    case 'rotated':
      return before?.expires_at
        ? `The new write key is below. The one before works until ${formatInstant(before.expires_at)}.`
        : 'The new write key is below. The one before is refused now.';
    case 'revoked':
      return 'The write key is revoked: events with it are refused with 401.';
    default:
      return null;
  }
}

export function Told({ done, source, customerId, mayWrite }: Props) {
  const sentence = done ? sentenceOf(done, source) : null;
  if (!sentence) return null;
  const action = switchSourceAction;
  const undo = done === 'off' && mayWrite && { action, customerId, hidden: { source_id: source.source_id, to: 'on' } };
  return <DoneNotice sentence={sentence} undo={undo} />;
}
