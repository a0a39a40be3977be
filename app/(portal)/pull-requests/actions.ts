'use server';
/** Forms of repositories: the same commands as the JSON routes; a secret is only in the answer to its own POST. */
import { redirect } from 'next/navigation';
import { text } from '@/app/(portal)/_shell/form-values';
import { repositoriesHref, repositoryHref } from '@/app/(portal)/pull-requests/repositories/_parts/repository-page';
import {
  disconnectRepository,
  editRepository,
  syncRepository,
} from '@/lib/domains/pull-requests/repositories/commands';
import {
  connectRepository,
  type RepositoryWithSecret,
  renewWebhookSecret,
} from '@/lib/domains/pull-requests/repositories/connect';
import { webhookUrl } from '@/lib/edge/http/github-webhook';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

function revealed({ repository: { repository_id }, secret }: RepositoryWithSecret): FormState {
  const href = repositoryHref(repository_id);
  return {
    status: 'done',
    secret: {
      label: 'Webhook secret',
      value: secret.reveal(),
      beside: { label: 'Webhook URL', value: webhookUrl(repository_id) },
      doneHref: href,
      goneHref: `${href}?gone=1`,
    },
  };
}

export async function connectRepositoryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    let shownBefore: unknown;
    try {
      const { result } = await connectRepository(ctx, {
        repo: text(values.repo),
        credential_id: text(values.credential_id),
        request_token: text(values.idempotency_key),
      });
      return revealed(result);
    } catch (error) {
      if (!(error instanceof AppError) || typeof error.details?.repository_id !== 'string') throw error;
      shownBefore = error.details.repository_id;
    }
    redirect(`${repositoryHref(String(shownBefore))}?gone=1`);
  });
}

export async function renewSecretAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await renewWebhookSecret(ctx, { repository_id: text(values.repository_id) });
    return revealed(result);
  });
}

export async function editRepositoryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await editRepository(ctx, {
      repository_id: text(values.repository_id),
      credential_id: text(values.credential_id),
    });
    return land(`${repositoryHref(result.repository_id)}?done=saved`);
  });
}

export async function readRepositoryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await syncRepository(ctx, { repository_id: text(values.repository_id) });
    return land(`${repositoryHref(result.repository_id)}?done=read`);
  });
}

export async function disconnectRepositoryAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await disconnectRepository(ctx, { repository_id: text(values.repository_id) });
    return land(`${repositoriesHref}?done=disconnected`);
  });
}
