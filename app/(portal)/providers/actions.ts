'use server';
/** Forms of provider configs: the same commands as the JSON routes. What was done is told where the person lands. */
import { text } from '@/app/(portal)/_shell/form-values';
import { configOf } from '@/app/(portal)/providers/_parts/config-values';
import { configHref } from '@/app/(portal)/providers/_parts/provider-page';
import { changeHref } from '@/app/(portal)/runs/_parts/change-done';
import { disableConfig, enableConfig } from '@/lib/domains/providers/activation';
import { createConfig, deleteConfig, duplicateConfig, editConfig } from '@/lib/domains/providers/commands';
import { findConfig } from '@/lib/domains/providers/queries';
import { wasRunRecently } from '@/lib/domains/providers/rules';
import { runConfig } from '@/lib/domains/providers/schedule/run-config';
import { testSlack } from '@/lib/domains/providers/slack/test-slack';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land, type Told } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

const secrets = { secrets: ['slack_webhook_url'] };

/** Where the person was, with what was done. */
const toldWhere = (values: FormValues, id: string, done: string): Told =>
  text(values.from) === 'list'
    ? `/providers?done=${done}&config=${encodeURIComponent(id)}`
    : `${configHref(id)}?done=${done}`;

export async function createConfigAction(_: FormState, data: FormData): Promise<FormState> {
  const work = async ({ ctx }: { ctx: Parameters<typeof createConfig>[0] }, values: FormValues): Promise<FormState> => {
    const { result } = await createConfig(ctx, {
      ...configOf(values),
      is_active: text(values.is_active) === 'on',
      request_token: text(values.idempotency_key),
    });
    return land(`${configHref(result.config_id)}?done=created`);
  };
  return memberAction(data, work, secrets);
}

export async function editConfigAction(_: FormState, data: FormData): Promise<FormState> {
  const work = async ({ ctx }: { ctx: Parameters<typeof editConfig>[0] }, values: FormValues): Promise<FormState> => {
    const { result } = await editConfig(ctx, {
      ...configOf(values),
      config_id: text(values.config_id),
      version: Number(text(values.version)),
    });
    return land(`${configHref(result.config_id)}?done=saved`);
  };
  return memberAction(data, work, secrets);
}

export async function duplicateConfigAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await duplicateConfig(ctx, {
      config_id: text(values.config_id),
      name: text(values.name),
      request_token: text(values.idempotency_key),
    });
    return land(`${configHref(result.config_id)}?done=duplicated`);
  });
}

export async function enableConfigAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.config_id);
    await enableConfig(ctx, { config_id: id });
    return land(toldWhere(values, id, 'on'));
  });
}

export async function disableConfigAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.config_id);
    await disableConfig(ctx, { config_id: id });
    return land(toldWhere(values, id, 'off'));
  });
}

export async function deleteConfigAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const config = await findConfig(ctx, text(values.config_id));
    if (wasRunRecently(config.last_run_at, ctx.clock()) && text(values.confirm).trim() !== config.name) {
      const message = 'Type the name of the provider config as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    await deleteConfig(ctx, { config_id: config.config_id });
    return land('/providers?done=deleted');
  });
}

export async function runConfigAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await runConfig(ctx, {
      config_id: text(values.config_id),
      request_token: text(values.idempotency_key),
    });
    return land(changeHref('again', 1, 0, [result.pipeline_logging_id]));
  });
}

export async function testSlackAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.config_id);
    await testSlack(ctx, { config_id: id });
    return land(`${configHref(id)}?done=slack`);
  });
}
