/** What an event carries: what was said where it is shown, metadata and client, as readable JSON. */
import { formatCount } from '@/app/_ui/format';
import { JsonText, WrittenText } from '@/app/(portal)/runs/_parts/json-text';
import type { SessionEvent } from '@/lib/domains/agent-log/sessions/session-events';

/** Signs of a content that a page shows; the export has all of it. */
const shownSigns = 20_000;

function Content({ title, text }: { title: string; text: string }) {
  const value: unknown = JSON.parse(text);
  const written = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <>
      <WrittenText label={title} text={written.slice(0, shownSigns)} />
      {written.length > shownSigns && (
        <p className="text-muted">
          These are the first {formatCount(shownSigns)} signs of {formatCount(written.length)}.
        </p>
      )}
    </>
  );
}

export function EventJson({ event, title }: { event: SessionEvent; title: string }) {
  const { content, has_content, metadata, client_info } = event;
  return (
    <div className="mt-3 flex flex-col gap-3">
      {content !== null ? (
        <Content title={title} text={content} />
      ) : (
        <p className="text-muted">{has_content ? `${title}: hidden.` : `${title}: none.`}</p>
      )}
      {metadata !== null && (
        <details>
          <summary>Metadata</summary>
          <JsonText label={`Metadata of ${title.toLowerCase()}`} value={JSON.parse(metadata)} />
        </details>
      )}
      {client_info !== null && (
        <details>
          <summary>Client</summary>
          <JsonText label={`Client of ${title.toLowerCase()}`} value={JSON.parse(client_info)} />
        </details>
      )}
    </div>
  );
}
