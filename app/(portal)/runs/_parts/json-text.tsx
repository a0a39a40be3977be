/** A JSON value to read and to copy, secrets taken out of it. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: a group that scrolls is no fieldset.
import { CopyButton } from '@/app/_ui/copy-button';
import { maskJson, maskSecrets } from '@/lib/domains/runs/explain/mask-secrets';

type Props = {
  /** "Parameters", for assistive technology. */
  label: string;
  value: unknown;
};

export const JsonText = ({ label, value }: Props) => (
  <Text label={label} text={JSON.stringify(maskJson(value), null, 2)} />
);

/** A text of a worker, as it wrote it but for its secrets. */
export const WrittenText = ({ label, text }: { label: string; text: string }) => (
  <Text label={label} text={maskSecrets(text)} />
);

const Text = ({ label, text }: { label: string; text: string }) => (
  <div className="flex flex-col items-start gap-2">
    <div role="group" aria-label={label} tabIndex={0} className="scroll-box w-full rounded-card bg-sunken p-3">
      <pre className="text-table whitespace-pre-wrap wrap-anywhere">{text}</pre>
    </div>
    <CopyButton value={text} label={`Copy ${label.toLowerCase()}`} />
  </div>
);
