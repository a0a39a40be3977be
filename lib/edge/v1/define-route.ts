/** What a call of the data plane is: one object that the server, the OpenAPI document and the tests all read. */
import type { z } from 'zod';
import type { KeyHolder } from '@/lib/domains/keys/verify';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Permission } from '@/lib/kernel/permissions';
import type { ErrorCode } from '@/lib/platform/errors';

/** Who may call: a customer's key, a service key, either (a service key then names the customer), or anybody. */
export type Caller = 'customer' | 'service' | 'both' | 'public';

export type Call<Params, Query, Body> = {
  /** Of the key; for `public` routes of a stranger. */
  ctx: Ctx;
  /** Null on `public` routes. */
  holder: KeyHolder | null;
  params: Params;
  query: Query;
  body: Body;
  /** The body before it was parsed, for domains whose commands parse it themselves; without `customer_id`. */
  raw: unknown;
  header: (name: string) => string | null;
};

export type Answer<Body> = { status: number; body: Body; headers?: Record<string, string> };

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

type RouteDefinition<Params, Query, Body, Response extends z.ZodType> = {
  /** Stable name of the operation, as `startRun`. */
  operationId: string;
  method: 'GET' | 'POST';
  /** As OpenAPI writes it: `/v1/runs/{pipeline_logging_id}`. */
  path: `/v1/${string}`;
  who: Caller;
  /**
   * True for what a run says of itself once it was started: no API call of the month, and not refused when those are used,
   * so that long runs do not exhaust a small plan.
   */
  ofStartedRun?: boolean;
  /** Scope the key needs. */
  permission: Permission | null;
  summary: string;
  description: string;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Request headers for the document only; the handler reads them by `header`. */
  requestHeaders?: z.ZodObject;
  /** The successful answer: its usual status, shape, and what it says. `others` are further successful statuses. */
  success: { status: number; schema: Response; description: string; others?: Record<number, string> };
  /** Codes this call may answer beyond those of every authenticated call. */
  errors: ErrorCode[];
  handler: (call: Call<Output<Params>, Output<Query>, Output<Body>>) => Promise<Answer<z.input<Response>>>;
};

/** A route with its types put away, as the list of routes holds it. */
export type V1Route = Omit<RouteDefinition<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType>, 'handler'> & {
  handler: (call: Call<unknown, unknown, unknown>) => Promise<Answer<unknown>>;
};

/** Declares a call; the types of params, query and body reach its handler parsed. */
export function defineV1Route<
  Response extends z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(definition: RouteDefinition<Params, Query, Body, Response>): V1Route {
  // The pipeline parses with these very schemas before it calls, which is what makes the wider handler type true.
  return definition as unknown as V1Route;
}
