/** The fields of a source, for the form that makes one and the one that changes one. */
import type { ReactNode } from 'react';
import { CheckField, TextArea, TextField } from '@/app/_ui/field';
import { formatCount } from '@/app/_ui/format';
import { defaultRequestsPerSecond, maxOrigins, maxRequestsPerSecond } from '@/lib/domains/events/rules';
import type { SourceView } from '@/lib/domains/events/view';

export const sourceLabels = {
  name: 'Name',
  redacts_ip: 'Addresses of senders',
  allowed_origins: 'Allowed origins',
  requests_per_second: 'Requests per second',
};

type Known = Pick<SourceView, 'name' | 'redacts_ip' | 'allowed_origins' | 'requests_per_second'>;

type Props = { known?: Known; name?: string; nameHelp: ReactNode };

export function SourceFields({ known, name, nameHelp }: Props) {
  return (
    <>
      <TextField
        name="name"
        label={sourceLabels.name}
        help={nameHelp}
        defaultValue={known?.name ?? name}
        maxLength={80}
        required
        autoComplete="off"
      />
      <CheckField
        name="redacts_ip"
        label="Keep only the network of senders’ addresses"
        help="203.0.113.7 is stored as 203.0.113.0, before anything is written down."
        defaultChecked={known?.redacts_ip ?? false}
      />
      <TextArea
        name="allowed_origins"
        label={sourceLabels.allowed_origins}
        optional
        rows={3}
        mono
        spellCheck={false}
        placeholder="https://www.example.com"
        help={`Sites whose pages may send, one a line, at most ${maxOrigins}. Empty lets every site. Servers and apps send no origin and are not held back by this.`}
        defaultValue={known?.allowed_origins.join('\n')}
      />
      <TextField
        name="requests_per_second"
        label={sourceLabels.requests_per_second}
        type="number"
        min={1}
        max={maxRequestsPerSecond}
        inputMode="numeric"
        required
        defaultValue={String(known?.requests_per_second ?? defaultRequestsPerSecond)}
        help={`Beyond it the answer is 429 and SDKs send again later. At most ${formatCount(maxRequestsPerSecond)}.`}
      />
    </>
  );
}
