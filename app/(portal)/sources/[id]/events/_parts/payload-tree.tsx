/** JSON as a tree that opens and closes without scripts, and the whole of it to copy. */
import { CopyButton } from '@/app/_ui/copy-button';
import { type JsonLine, jsonLines } from '@/app/(portal)/sources/[id]/events/_parts/json-lines';

/** `text` is JSON. */
export function PayloadTree({ text }: { text: string }) {
  const { lines, left } = jsonLines(JSON.parse(text));
  return (
    <div className="flex min-w-0 flex-col items-start gap-2">
      <div className="w-full rounded-card bg-sunken p-3">
        <Lines lines={lines} />
        {left > 0 && <p className="text-muted">{left} more lines; the copy has them.</p>}
      </div>
      <CopyButton value={text} label="Copy payload" noun="payload" />
    </div>
  );
}

const Lines = ({ lines }: { lines: readonly JsonLine[] }) => (
  <ul className="flex flex-col gap-1">
    {lines.map(line => (
      <li key={line.name} className="min-w-0 wrap-anywhere">
        {line.children ? (
          <details open={line.isOpen}>
            <summary className="cursor-pointer">
              <code>{line.name}</code> <span className="text-muted">{line.text}</span>
            </summary>
            <div className="border-l border-border pl-4">
              <Lines lines={line.children} />
            </div>
          </details>
        ) : (
          <>
            <code className="text-muted">{line.name}</code> <code>{line.text}</code>
          </>
        )}
      </li>
    ))}
  </ul>
);
