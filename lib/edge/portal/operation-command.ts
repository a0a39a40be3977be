/** What changes nothing, or is its own audit, but takes a body: an operation, called by a route as a command is. */
import type { z } from 'zod';
import type { Command } from '@/lib/kernel/command';
import { type Ctx, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import type { Operation } from '@/lib/kernel/operation';

/** The operation in the form that defineRoute takes for a method with a body; `args` follow its input. */
export function operationCommand<Input extends z.ZodType, Args extends unknown[], Result>(
  operation: Operation<Input, Args, Result>,
  ...args: Args
): Command<Input, Result> {
  const onceAllowed = async (ctx: Ctx, read: () => Promise<unknown>) => {
    const result = await operation.onceAllowed(ctx, async () => ({ ctx, raw: await read(), args }));
    return { result };
  };
  const call = async (ctx: Ctx, raw: unknown) => ({
    result: await operation(requireCustomer(ctx) satisfies CustomerCtx, raw, ...args),
  });
  const { operationName: commandName, permission, input } = operation;
  return Object.assign(call, { commandName, permission, input, onceAllowed });
}
