/** The only way to change Postgres by a person, key or job: authorise, parse, one transaction with audit and outbox. */
import type { z } from 'zod';
import { type AuditEntry, appendAudit, recordDenial, recordRefusal } from '@/lib/kernel/audit/audit';
import { type Actor, type Ctx, may } from '@/lib/kernel/ctx';
import { parseInput } from '@/lib/kernel/input';
import { enqueue, type MirrorRef } from '@/lib/kernel/outbox';
import { type Permission, permissions } from '@/lib/kernel/permissions';
import { db, type Tx } from '@/lib/platform/db';
import { AppError } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

/** What `run` must return: the answer, and the change as the audit row and the mirror need it. */
export type Change<Result> =
  | {
      result: Result;
      target: { type: string; id: string };
      before: Record<string, unknown> | null;
      after: Record<string, unknown> | null;
      /** Rows whose copies in BigQuery are out of date now. */
      mirror: MirrorRef[];
      /** Who acted, where only the change found that out, as signing in does; else the caller. */
      actor?: Actor;
    }
  /** Nothing was changed, as when a revoked key is revoked again; no audit row. */
  | { result: Result; unchanged: true };

type CommandDefinition<Input extends z.ZodType, Prepared, Result> = {
  /** `<noun>.<verb>`; the audit log's action. */
  name: string;
  permission: Permission;
  input: Input;
  /** Slow work that must not hold a transaction, such as sealing by KMS. */
  prepare?: (args: { ctx: Ctx; input: z.output<Input> }) => Promise<Prepared>;
  run: (args: { ctx: Ctx; tx: Tx; input: z.output<Input>; prepared: Prepared }) => Promise<Change<Result>>;
  /**
   * Work outside Postgres after the commit (mail, Stripe, BigQuery); it must be repeatable, and something else must catch
   * up on it: a failure is logged and the answer is that of the commit, because a caller would only do the change twice.
   */
  effects?: (args: { ctx: Ctx; input: z.output<Input>; result: Result }) => Promise<void>;
};

/** It does not wait for the mirror: queries lay the change over BigQuery's rows until it is there. */
export type CommandAnswer<Result> = { result: Result };

export type Command<Input extends z.ZodType = z.ZodType, Result = unknown> = {
  commandName: string;
  permission: Permission;
  input: Input;
  /** Runs the command on unparsed input. Throws AppError: forbidden, invalid_input and the domain's own. */
  (ctx: Ctx, raw: unknown): Promise<CommandAnswer<Result>>;
  /** As the call, on input that is read only once the caller is known to be allowed, such as a request's body. */
  onceAllowed: (ctx: Ctx, read: () => Promise<unknown>) => Promise<CommandAnswer<Result>>;
};

/** All commands of this process, for the tests that walk them. */
export const commands = (): Map<string, Command> => processWide('commands', () => new Map<string, Command>());

/** Refuses a caller without the permission and counts the refusal. */
export async function authorise(ctx: Ctx, permission: Permission, action: string): Promise<void> {
  if (may(ctx, permission)) return;
  await recordDenial(ctx, action);
  const isKey = ctx.actor.type === 'api_key' || ctx.actor.type === 'service';
  throw isKey
    ? new AppError('insufficient_scope', `This key lacks the scope ${permission}.`, {
        details: { required_scope: permission },
      })
    : new AppError('forbidden', `Your role does not allow this: ${permissions[permission].description}`);
}

/** Does what follows the commit. The change stands whatever happens here, so nothing is thrown. */
async function afterCommit(name: string, ctx: Ctx, work: () => Promise<void> | undefined): Promise<void> {
  try {
    await work();
  } catch (error) {
    log().error({ err: error, command: name, request_id: ctx.requestId }, 'what follows a commit failed');
  }
}

/** Somebody at a browser, who sees the change sooner or later on a page. */
const isPerson = ({ actor: { type } }: Ctx): boolean => type === 'user' || type === 'person' || type === 'staff';

/** Counts a refusal by the domain's own rules as one by role is counted; after the rollback, so that no lock waits for it. */
async function counted<Value>(ctx: Ctx, action: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const refused = error instanceof AppError && (error.code === 'forbidden' || error.code === 'insufficient_scope');
    if (refused) await recordRefusal(ctx, action);
    throw error;
  }
}

/** Defines a command; see Change for what `run` must say. Source: docs/architecture.md, Making the unsafe impossible to write. */
export function defineCommand<Input extends z.ZodType, Result, Prepared = undefined>(
  definition: CommandDefinition<Input, Prepared, Result>,
): Command<Input, Result> {
  const attempt = async (ctx: Ctx, input: z.output<Input>): Promise<Change<Result>> => {
    const prepared = (await definition.prepare?.({ ctx, input })) as Prepared;
    return db().transaction(async tx => {
      const made = await definition.run({ ctx, tx, input, prepared });
      if ('unchanged' in made) return made;
      await enqueue(tx, made.mirror, { first: isPerson(ctx) });
      const entry: AuditEntry = {
        action: definition.name,
        targetType: made.target.type,
        targetId: made.target.id,
        outcome: 'ok',
        before: made.before,
        after: made.after,
      };
      await appendAudit(tx, made.actor ? { ...ctx, actor: made.actor } : ctx, entry);
      return made;
    });
  };
  const onceAllowed = async (ctx: Ctx, read: () => Promise<unknown>): Promise<CommandAnswer<Result>> => {
    await authorise(ctx, definition.permission, definition.name);
    const input = parseInput(definition.input, await read());
    const { result } = await counted(ctx, definition.name, () => attempt(ctx, input));
    await afterCommit(definition.name, ctx, () => definition.effects?.({ ctx, input, result }));
    return { result };
  };
  const call = (ctx: Ctx, raw: unknown) => onceAllowed(ctx, async () => raw);
  const command = Object.assign(call, {
    onceAllowed,
    commandName: definition.name,
    permission: definition.permission,
    input: definition.input,
  });
  commands().set(definition.name, command as Command);
  return command;
}
