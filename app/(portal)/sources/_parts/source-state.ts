/** How a source does, as one status. Pure. */
import type { Status } from '@/app/_ui/status';
import type { SourceView } from '@/lib/domains/events/view';

/** Off wins; then whether anything has ever come. */
export function sourceState({ is_enabled, first_event_at }: SourceView): Status {
  if (!is_enabled) return 'off';
  return first_event_at ? 'on' : 'waits_for_first';
}
