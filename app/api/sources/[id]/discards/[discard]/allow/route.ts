/** POST: lets a column be made that a limit on new columns held back. */
import { allowDiscard } from '@/lib/domains/events/discards/allow-discard';
import { defineRoute } from '@/lib/edge/portal/route';

export const POST = defineRoute({
  summary: 'Allow a discarded column',
  method: 'POST',
  command: allowDiscard,
  ids: { source_id: 'id', discard_id: 'discard' },
});
