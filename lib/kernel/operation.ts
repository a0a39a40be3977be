/** What keys and people may ask of a domain outside a command: authorised, then parsed, each once and here. */
import type { z } from 'zod';
import { authorise } from '@/lib/kernel/command';
import { type Ctx, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import type { Permission } from '@/lib/kernel/permissions';

/** What a caller asks, once it is known that it may: for which customer, what it sent, and what names the subject. */
export type Asked<Args extends unknown[]> = { ctx: Ctx; raw: unknown; args: Args };

export type Operation<Input extends z.ZodType = z.ZodType, Args extends unknown[] = never[], Result = unknown> = {
  operationName: string;
  permission: Permission;
  input: Input;
  /** Runs it on unparsed input. Throws AppError: forbidden, insufficient_scope, invalid_input and the domain's own. */
  (ctx: CustomerCtx, raw: unknown, ...args: Args): Promise<Result>;
  /** As the call, where the input is read, and the customer found in it, only once the caller is known to be allowed. */
  onceAllowed: (ctx: Ctx, read: () => Promise<Asked<Args>>) => Promise<Result>;
};

/**
 * Defines what is no command because its own rows are its audit (the hot path of workers) or because it changes nothing.
 * `args` follow the input where something beside it names the subject, such as an id of the path.
 * Source: docs/architecture.md, Making the unsafe impossible to write.
 */
export function defineOperation<Input extends z.ZodType, Args extends unknown[], Result>(definition: {
  /** `<noun>.<verb>`, as refusals are counted under it. */
  name: string;
  permission: Permission;
  input: Input;
  run: (ctx: CustomerCtx, input: z.output<Input>, ...args: Args) => Promise<Result>;
}): Operation<Input, Args, Result> {
  const { name: operationName, permission, input } = definition;
  const onceAllowed = async (ctx: Ctx, read: () => Promise<Asked<Args>>): Promise<Result> => {
    await authorise(ctx, permission, operationName);
    const asked = await read();
    const caller = requireCustomer(asked.ctx);
    return definition.run(caller, parseInput(input, asked.raw), ...asked.args);
  };
  const call = (ctx: CustomerCtx, raw: unknown, ...args: Args) => onceAllowed(ctx, async () => ({ ctx, raw, args }));
  return Object.assign(call, { operationName, permission, input, onceAllowed });
}
