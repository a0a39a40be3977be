/** Repositories as owner/name, whatever form of address they came in. Source: docs/spec/requirements.md, T-14. */
import { nameText } from '@/lib/domains/traces/normalize/text';

const slug = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
/** `https://host/…`, `ssh://git@host:22/…`, `git+ssh://…` */
const address = /^[a-z][a-z\d+.-]*:\/\/[^/]*\/(.*)$/i;
/** `git@host:owner/name` */
const secureCopy = /^(?:[\w.-]+@)[\w.-]+:(.+)$/;
/** What follows the repository in a page's address. */
const pageOf = /\/(?:-\/)?(?:tree|blob|commits?|pulls?|issues|src)\/.*$/;

/** `owner/name` of an address or a name, null where nothing is left. Names without an owner are kept as sent. */
export function repoSlug(sent: string): string | null {
  const text = nameText(sent);
  if (text === null || (slug.test(text) && !text.endsWith('.git'))) return text;
  const path =
    address
      .exec(text)?.[1]
      ?.replace(/[?#].*$/, '')
      .replace(pageOf, '') ??
    secureCopy.exec(text)?.[1] ??
    text;
  const parts = path
    .replace(/\.git\/?$/, '')
    .split('/')
    .filter(part => part !== '' && part !== '.' && part !== '..');
  return parts.length === 0 ? null : parts.join('/');
}
