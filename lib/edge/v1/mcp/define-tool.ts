/** What a tool of the MCP server is: one object that the server, its tests and the guide read. */
import type { z } from 'zod';
import type { CustomerCtx } from '@/lib/kernel/ctx';
import type { Permission } from '@/lib/kernel/permissions';

/** Who calls a tool, and in which conversation where its client says so. */
export type ToolCaller = { ctx: CustomerCtx; session: string | null };

export type ToolResult<Data> = {
  data: Data;
  /** One or two sentences for whoever does not read the data. */
  says: string;
  /** How to ask for what is not in the answer, made of what is left of the data where it had to be cut; null for what is whole. */
  more?: (kept: Data) => string | null;
};

type ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> = {
  /** As agents call it: `failed_runs`. */
  name: string;
  title: string;
  /** For agents: what it answers and when to ask it. */
  description: string;
  /** Scope that the key needs. */
  scope: Permission;
  /** `<noun>.<verb>`, as refusals are counted under it. */
  operation: string;
  input: Input;
  output: Output;
  /** Fields of the answer that may be cut or left out where it is too large; lists lose their ends. */
  shrinks: readonly (keyof z.output<Output> & string)[];
  /** Set where asking again costs again, so that clients do not repeat it by themselves. */
  costs?: true;
  /** Throws AppError, which the agent reads. */
  run: (caller: ToolCaller, input: z.output<Input>) => Promise<ToolResult<z.input<Output>>>;
};

/** A tool with its types put away, as the list of tools holds it. */
export type McpTool = Omit<ToolDefinition<z.ZodObject, z.ZodObject>, 'shrinks'> & { shrinks: readonly string[] };

/** Declares a tool that reads; its output has a field `note`, which says what was cut. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject<{ note: z.ZodType }>>(
  definition: ToolDefinition<Input, Output>,
): McpTool {
  // The server parses with this very input before it calls, which is what makes the wider type of `run` true.
  return definition as unknown as McpTool;
}
