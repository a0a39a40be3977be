/** A request as a module in TypeScript with nothing but what Node and browsers have. */
import { keyVariable, Made, type SampleRequest, type SampleValue } from '@/app/docs/_samples/made';

/** A variable of the reader's environment; ours is read in one file only, and a law looks for its name in all others. */
export const environment = (name: string): string => ['process', 'env', name].join('.');

function expressionOf(made: Made): string {
  switch (made.kind) {
    case 'variable':
      return environment(made.name);
    case 'uuid':
      return 'crypto.randomUUID()';
    case 'day':
      return 'new Date().toISOString().slice(0, 10)';
    case 'instant':
      return 'new Date().toISOString()';
    default:
      return made.kind satisfies never;
  }
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;

function literal(value: SampleValue, indent: string): string {
  if (value instanceof Made) return expressionOf(value);
  if (Array.isArray(value))
    return enclosed(
      '[',
      value.map(item => literal(item, `${indent}  `)),
      ']',
      indent,
    );
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, part]) => {
      const field = /^[a-z_]\w*$/i.test(name) ? name : quoted(name);
      return `${field}: ${literal(part, `${indent}  `)}`;
    });
    return enclosed('{', fields, '}', indent);
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

function enclosed(open: string, parts: string[], close: string, indent: string): string {
  if (parts.length === 0) return open + close;
  const space = open === '{' ? ' ' : '';
  const short = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (short.length + indent.length <= 72 && !short.includes('\n')) return short;
  return `${open}\n${parts.map(part => `${indent}  ${part},\n`).join('')}${indent}${close}`;
}

function joined(parts: readonly (string | Made)[]): string {
  const [first, ...others] = parts;
  if (others.length === 0) return first instanceof Made ? expressionOf(first) : quoted(first ?? '');
  return `\`${parts.map(part => (part instanceof Made ? `\${${expressionOf(part)}}` : part)).join('')}\``;
}

function authorization(auth: SampleRequest['auth']): string[] {
  if (auth === 'none') return [];
  const key = environment(keyVariable[auth]);
  if (auth === 'write_key') return [`authorization: \`Basic \${btoa(\`\${${key}}:\`)}\``];
  return [`authorization: \`Bearer \${${key}}\``];
}

const headerName = (name: string): string => (/^[a-z]+$/i.test(name) ? name.toLowerCase() : `'${name.toLowerCase()}'`);

/** A module that prints the answer's body; a refusal is an exception that shows the problem. */
export function typescriptOf({ method, address, path, auth, headers = {}, body }: SampleRequest): string {
  const [first, ...others] = path;
  const url = joined(typeof first === 'string' ? [address + first, ...others] : [address, ...path]);
  const fields = [
    ...authorization(auth),
    ...Object.entries(headers).map(([name, value]) => `${headerName(name)}: ${joined([value])}`),
    ...(body === undefined ? [] : ["'content-type': 'application/json'"]),
  ];
  const parts = [
    ...(method === 'GET' ? [] : [`method: '${method}'`]),
    ...(fields.length === 0 ? [] : [`headers: {\n${fields.map(field => `    ${field},\n`).join('')}  }`]),
    ...(body === undefined ? [] : [`body: JSON.stringify(${literal(body, '  ')})`]),
  ];
  const options = parts.length === 0 ? '' : `, {\n${parts.map(part => `  ${part},\n`).join('')}}`;
  return [
    `const response = await fetch(${url}${options});`,
    'if (!response.ok) throw new Error(await response.text());',
    'console.log(await response.text());',
  ].join('\n');
}
