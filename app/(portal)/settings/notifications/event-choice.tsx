'use client';
/** One cell of the table of messages: whether this event comes by this channel. */
import { useField } from '@/app/_ui/form-context';

type Props = {
  channel: string;
  event: string;
  /** Read aloud, as "Run failed by mail". */
  label: string;
  on: boolean;
  /** The first of its channel, which the error summary leads to. */
  first: boolean;
};

export function EventChoice({ channel, event, label, on, first }: Props) {
  const { id, error, kept } = useField(channel);
  return (
    <label className="choice">
      <input
        id={first ? id : undefined}
        type="checkbox"
        name={channel}
        value={event}
        defaultChecked={kept ? kept.includes(event) : on}
        aria-invalid={error ? true : undefined}
      />
      <span className="sr-only">{label}</span>
    </label>
  );
}
