/** What a call of the data plane is: one object that the server, the OpenAPI document and the tests all read. */
import type { z } from 'zod';
import type { KeyHolder } from '@/lib/domains/keys/verify';
import { customerId } from '@/lib/edge/v1/customer-id';
import type { Ctx } from '@/lib/kernel/ctx';
import type { Operation } from '@/lib/kernel/operation';
import type { Permission } from '@/lib/kernel/permissions';
import type { ErrorCode } from '@/lib/platform/errors';

/**
 * Who may call: a customer's key, a service key, either (a service key then names the customer), whoever has the write key of
 * an event source, or anybody.
 */
export type Caller = 'customer' | 'service' | 'both' | 'source' | 'public';

/** What every handler has at hand; `ctx` already acts for the customer the call is about. */
type Situation<Params> = {
  /** Of the key; for `public` routes of a stranger. */
  ctx: Ctx;
  /** Null on `public` routes. */
  holder: KeyHolder | null;
  params: Params;
  header: (name: string) => string | null;
  /** Is aborted when the caller closes the connection before it was answered; for calls that wait. */
  gone: () => AbortSignal;
};

export type Call<Params, Query, Body> = Situation<Params> & { query: Query; body: Body };

/** 204 and 304 have no body, so null stands for it. */
export type Answer<Body> =
  | { status: number; body: Body; headers?: Record<string, string> }
  | { status: 204 | 304; body: null; headers?: Record<string, string> };

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

type Described<Params, Response extends z.ZodType> = {
  /** Stable name of the operation, as `startRun`. */
  operationId: string;
  method: 'GET' | 'POST';
  /** As OpenAPI writes it: `/v1/runs/{pipeline_logging_id}`. */
  path: `/v1/${string}` | `/api/v1/${string}`;
  who: Caller;
  /**
   * True for what a run says of itself once it was started: no API call of the month, and not refused when those are used,
   * so that long runs do not exhaust a small plan.
   */
  ofStartedRun?: boolean;
  summary: string;
  description: string;
  params?: Params;
  /** Request headers for the document only; the handler reads them by `header`. */
  requestHeaders?: z.ZodObject;
  /** The successful answer: its usual status, shape, and what it says. `others` are further successful statuses. */
  success: { status: number; schema: Response; description: string; others?: Record<number, string> };
  /** Codes this call may answer beyond those of every authenticated call. */
  errors: ErrorCode[];
};

/** A call whose input is parsed here. */
type HandlerRoute<Params, Query, Body, Response extends z.ZodType> = Described<Params, Response> & {
  /** Scope the key needs. */
  permission: Permission | null;
  /** Who holds the caller to the permission: this pipeline, or what the handler asks of the domain. */
  authorisedBy?: 'edge' | 'domain';
  query?: Query;
  body?: Body;
  handler: (call: Call<Output<Params>, Output<Query>, Output<Body>>) => Promise<Answer<z.input<Response>>>;
};

/** A call of an operation, which authorises and parses: the query of a GET, else the body, both without `customer_id`. */
type OperationRoute<
  Params,
  Input extends z.ZodObject,
  Args extends unknown[],
  Result,
  Response extends z.ZodType,
> = Described<Params, Response> & {
  operation: Operation<Input, Args, Result>;
  /** What is sent, for the document, where the operation takes several forms; `customer_id` included. */
  body?: z.ZodType;
  args: (call: Situation<Output<Params>>) => [...Args];
  answer: (result: NoInfer<Result>, call: Situation<Output<Params>>) => Answer<z.input<Response>>;
};

/** A route as the document and the page of the API read it. */
export type DocumentedRoute = Described<z.ZodObject, z.ZodType> & {
  permission: Permission | null;
  query?: z.ZodObject;
  body?: z.ZodType;
};

/** A route with its types put away, as the list of routes holds it; document and tests read its schemas. */
export type V1Route = DocumentedRoute &
  (
    | { authorisedBy?: 'edge' | 'domain'; handler: (call: Call<unknown, unknown, unknown>) => Promise<Answer<unknown>> }
    | {
        operation: Operation<z.ZodObject, unknown[], unknown>;
        args: (call: Situation<unknown>) => unknown[];
        answer: (result: unknown, call: Situation<unknown>) => Answer<unknown>;
      }
  );

/** Declares a call; the types of params, query and body reach its handler parsed. */
export function defineV1Route<
  Response extends z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(definition: HandlerRoute<Params, Query, Body, Response>): V1Route {
  // The pipeline parses with these very schemas before it calls, which is what makes the wider handler type true.
  return definition as unknown as V1Route;
}

/** Declares a call of an operation: its permission, and its query or body, are the operation's. */
export function defineOperationRoute<
  Input extends z.ZodObject,
  Args extends unknown[],
  Result,
  Response extends z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
>(definition: OperationRoute<Params, Input, Args, Result, Response>): V1Route {
  const { permission, input } = definition.operation;
  const sent = definition.who === 'both' ? input.safeExtend({ customer_id: customerId.optional() }) : input;
  const route = {
    ...definition,
    permission,
    [definition.method === 'GET' ? 'query' : 'body']: definition.body ?? sent,
  };
  return route as unknown as V1Route;
}
