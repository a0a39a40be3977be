/** Schemas of tools as they are listed: short, because many clients show the whole list to their model in each conversation. */
import type { ListToolsResult } from '@modelcontextprotocol/server';
import { z } from 'zod';

type Schema = ListToolsResult['tools'][number]['inputSchema'];
type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;
type Node = Parameters<Override>[0]['jsonSchema'];

/** Formats whose pattern says no more than their name. */
const named = ['date', 'date-time', 'uuid'];

/** Leaves out what every value of its kind is: the pattern of a day, the bounds of whole numbers. */
function shorten(node: Node): void {
  if (named.includes(node.format ?? '')) delete node.pattern;
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
}

/** What an answer holds is told by names, types and descriptions; that it has all of them and nothing else is not said of each object in it. */
function loosen(node: Node, isWhole: boolean): void {
  delete node.additionalProperties;
  delete node.example;
  if (!isWhole) delete node.required;
}

/** The schema without the name of its dialect, which is the protocol's own, and which old validators refuse to read. */
export function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): Schema {
  const override: Override = ({ jsonSchema, path }) => {
    shorten(jsonSchema);
    if (io === 'output') loosen(jsonSchema, path.length === 0);
  };
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, override });
  return rest as Schema;
}
