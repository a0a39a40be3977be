/** A text with `code`, **strong words** and [links](/docs/errors), as pages of the documentation are written. */
import { Link } from '@/app/_ui/link';

const mark = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** The text without its marks, for search. */
export const plainText = (text: string): string =>
  text.replace(mark, (_, code, strong, label) => code ?? strong ?? label.replaceAll('`', ''));

/** Within the portal a link changes the page softly; documents and other sites are plain addresses. */
const isPage = (href: string): boolean => href.startsWith('/') && !href.endsWith('.json');

/** A link's words, which may be code. */
const Label = ({ text }: { text: string }) => (text.startsWith('`') ? <code>{text.replaceAll('`', '')}</code> : text);

export function Inline({ text }: { text: string }) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(mark)) {
    const [whole, code, strong, label = '', href = ''] = found;
    parts.push(text.slice(end, found.index));
    end = found.index + whole.length;
    const key = found.index;
    if (code !== undefined) parts.push(<code key={key}>{code}</code>);
    else if (strong !== undefined) parts.push(<strong key={key}>{strong}</strong>);
    else if (isPage(href))
      parts.push(
        <Link key={key} href={href} className="link">
          <Label text={label} />
        </Link>,
      );
    else
      parts.push(
        <a key={key} href={href} className="link">
          <Label text={label} />
        </a>,
      );
  }
  return [...parts, text.slice(end)];
}
