/** Code to read and to copy. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard.
// biome-ignore-all lint/a11y/useSemanticElements: a group that scrolls is no fieldset.
import { CopyButton } from '@/app/_ui/copy-button';

/** `label` names it for assistive technology and follows "Copy". */
export const CodeBox = ({ label, code }: { label: string; code: string }) => (
  <div className="flex min-w-0 flex-col items-start gap-2">
    <div role="group" aria-label={label} tabIndex={0} className="scroll-box w-full rounded-card bg-sunken p-3">
      <pre>{code}</pre>
    </div>
    <CopyButton value={code} label={`Copy ${label}`} noun="code" />
  </div>
);
