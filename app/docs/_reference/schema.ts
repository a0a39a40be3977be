/** The parts of an OpenAPI schema that the reference reads. */
import type { openApiDocument } from '@/lib/edge/v1/openapi-document';

export type Document = ReturnType<typeof openApiDocument>;

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
};

/** The schema itself where a reference is given; a description beside the reference wins. */
export function resolve(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const found = name === undefined ? undefined : document.components?.schemas?.[name];
  return found ? { ...(found as Schema), ...(schema.description ? { description: schema.description } : {}) } : schema;
}
