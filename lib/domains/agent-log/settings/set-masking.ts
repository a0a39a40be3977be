/** Says what the agent log masks before it keeps anything, and shows what was said. */
import { z } from 'zod';
import { agentSettingsInput } from '@/lib/domains/agent-log/input';
import { forgetAgentSettings, storedSettings } from '@/lib/domains/agent-log/settings/agent-settings';
import { type AgentLogSettings, agentLogSettings } from '@/lib/domains/agent-log/tables';
import { type Change, defineCommand } from '@/lib/kernel/command';
import { actorLabel, type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { defineOperation } from '@/lib/kernel/operation';
import { db } from '@/lib/platform/db';

export type AgentSettingsView = { mask_secrets: boolean; mask_emails: boolean; keep_span_content: boolean };

const viewOf = (settings: AgentLogSettings): AgentSettingsView => ({
  mask_secrets: settings.maskSecrets,
  mask_emails: settings.maskEmails,
  keep_span_content: settings.keepSpanContent,
});

/** Holds for what is sent from then on, in every process within five seconds; what is recorded already stays as it is. */
export const setMasking = defineCommand({
  name: 'agent_log.set_masking',
  permission: 'agent-log:manage',
  input: agentSettingsInput,
  run: async ({ ctx, tx, input }): Promise<Change<AgentSettingsView>> => {
    const { customerId } = requireCustomer(ctx);
    const before = await storedSettings(tx, customerId);
    const after: AgentLogSettings = {
      maskSecrets: input.mask_secrets ?? before.maskSecrets,
      maskEmails: input.mask_emails ?? before.maskEmails,
      keepSpanContent: input.keep_span_content ?? before.keepSpanContent,
    };
    const result = viewOf(after);
    if (JSON.stringify(viewOf(before)) === JSON.stringify(result)) return { result, unchanged: true };
    const columns = { ...after, updatedAt: ctx.clock(), updatedBy: actorLabel(ctx.actor) };
    await tx
      .insert(agentLogSettings)
      .values({ customerId, ...columns })
      .onConflictDoUpdate({ target: agentLogSettings.customerId, set: columns });
    return { result, target: { type: 'customer', id: customerId }, before: viewOf(before), after: result, mirror: [] };
  },
  effects: async ({ ctx }) => {
    forgetAgentSettings(requireCustomer(ctx).customerId);
  },
});

/** What is masked and kept now. */
export const readSettings = defineOperation({
  name: 'agent_log.read_settings',
  permission: 'agent-log:read',
  input: z.strictObject({}),
  run: async (ctx: CustomerCtx): Promise<AgentSettingsView> => viewOf(await storedSettings(db(), ctx.customerId)),
});
