/** A request as lines for a shell with curl; the body is a here-document, so that the shell fills in its values. */
import { keyVariable, Made, type SampleRequest, type SampleValue } from '@/app/docs/_samples/made';

function textOf(made: Made): string {
  switch (made.kind) {
    case 'variable':
      return `$${made.name}`;
    case 'uuid':
      return '$(uuidgen)';
    case 'day':
      return '$(date -u +%Y-%m-%d)';
    case 'instant':
      return '$(date -u +%Y-%m-%dT%H:%M:%SZ)';
    default:
      return made.kind satisfies never;
  }
}

const withTexts = (value: SampleValue): unknown => {
  if (value instanceof Made) return textOf(value);
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withTexts(part)]));
  return value;
};

/** `curl …`; it ends with an error, and shows the problem, where the call is refused. */
export function curlOf({ method, address, path, auth, headers = {}, body }: SampleRequest): string {
  const url = path.map(part => (part instanceof Made ? textOf(part) : part)).join('');
  // With a body curl sends POST by itself.
  const verb = method === (body === undefined ? 'GET' : 'POST') ? '' : `-X ${method} `;
  const lines = [`curl --fail-with-body ${verb}"${address}${url}"`];
  if (auth === 'write_key') lines.push(`-u "$${keyVariable.write_key}:"`);
  else if (auth !== 'none') lines.push(`-H "Authorization: Bearer $${keyVariable[auth]}"`);
  for (const [name, value] of Object.entries(headers))
    lines.push(`-H "${name}: ${value instanceof Made ? textOf(value) : value}"`);
  if (body === undefined) return lines.join(' \\\n  ');
  lines.push('-H "Content-Type: application/json"', '-d @- <<JSON');
  return `${lines.join(' \\\n  ')}\n${JSON.stringify(withTexts(body), null, 2)}\nJSON`;
}
