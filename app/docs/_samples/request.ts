/** A sample of one request, written in every language from one description. */
import { curlOf } from '@/app/docs/_samples/curl';
import type { Sample } from '@/app/docs/_samples/languages';
import type { SampleRequest } from '@/app/docs/_samples/made';
import { pythonOf } from '@/app/docs/_samples/python';
import { typescriptOf } from '@/app/docs/_samples/typescript';

/** The sample that sends it; `title` says what it does. */
export const requestSample = (id: string, title: string, request: SampleRequest): Sample => ({
  id,
  title,
  code: { curl: curlOf(request), python: pythonOf(request), typescript: typescriptOf(request) },
});
