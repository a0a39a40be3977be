'use server';
/** Forms of event sources: the same commands as the JSON routes. */
import { separated, text } from '@/app/(portal)/_shell/form-values';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { allowDiscard } from '@/lib/domains/events/discards/allow-discard';
import { replayDeadRows } from '@/lib/domains/events/discards/replay-dead-rows';
import { replayDiscard } from '@/lib/domains/events/discards/replay-discard';
import { createSource, deleteSource, editSource } from '@/lib/domains/events/sources/commands';
import { findSource } from '@/lib/domains/events/sources/reads';
import { revokeWriteKey, rotateWriteKey } from '@/lib/domains/events/sources/write-keys';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land, type Told } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

const settingsOf = (values: FormValues) => ({
  name: text(values.name),
  redacts_ip: text(values.redacts_ip) === 'on',
  allowed_origins: separated(values.allowed_origins),
  requests_per_second: text(values.requests_per_second),
});

export async function createSourceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await createSource(ctx, { ...settingsOf(values), request_token: text(values.idempotency_key) });
    return land(`${sourceHref(result.source_id)}?done=created`);
  });
}

export async function editSourceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await editSource(ctx, { source_id: text(values.source_id), ...settingsOf(values) });
    return land(`${sourceHref(result.source_id)}?done=saved`);
  });
}

export async function switchSourceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const isOn = text(values.to) === 'on';
    const { result } = await editSource(ctx, { source_id: text(values.source_id), is_enabled: isOn });
    return land(`${sourceHref(result.source_id)}?done=${isOn ? 'on' : 'off'}`);
  });
}

export async function rotateWriteKeyAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.source_id);
    await rotateWriteKey(ctx, {
      source_id: id,
      // As the form showed it, so that a double click makes one new key.
      write_key: text(values.write_key) || undefined,
      overlap_seconds: Number(text(values.overlap_seconds)),
    });
    return land(`${sourceHref(id)}?done=rotated`);
  });
}

export async function revokeWriteKeyAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.source_id);
    await revokeWriteKey(ctx, { source_id: id, write_key: text(values.write_key) });
    return land(`${sourceHref(id)}?done=revoked`);
  });
}

export async function deleteSourceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const source = await findSource(ctx, text(values.source_id));
    if (text(values.confirm).trim() !== source.name) {
      const message = 'Type the name of the source as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    await deleteSource(ctx, { source_id: source.source_id });
    return land(`/sources?done=deleted&dataset=${encodeURIComponent(source.dataset)}`);
  });
}

const discardsHref = (id: string, done: string): Told => `${sourceHref(id)}/discards?done=${done}`;

export async function allowDiscardAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.source_id);
    await allowDiscard(ctx, { source_id: id, discard_id: text(values.discard_id) });
    return land(discardsHref(id, 'allowed'));
  });
}

export async function replayDiscardAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.source_id);
    const { result } = await replayDiscard(ctx, { source_id: id, discard_id: text(values.discard_id) });
    return land(discardsHref(id, result.is_complete ? 'replayed' : 'partly'));
  });
}

export async function replayDeadRowsAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.source_id);
    await replayDeadRows(ctx, { source_id: id, dead_row_ids: separated(values.dead_row_ids) });
    return land(discardsHref(id, 'rows'));
  });
}
