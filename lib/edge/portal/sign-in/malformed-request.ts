/** Refuses what next-auth would answer with a 500: bodies that are no form, and text that cannot stand in a Location. */
import { AppError } from '@/lib/platform/errors';

const formType = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const printable = /^[\x20-\x7e]*$/;

/** Why a request of sign-in is refused before next-auth sees it; null when it may. Google's answers are printable ASCII. */
export function malformedSignInRequest(request: Request): AppError | null {
  if (request.method === 'POST' && !formType.test(request.headers.get('content-type') ?? ''))
    return new AppError('unsupported_media_type', 'Send the form as application/x-www-form-urlencoded.');
  const odd = [...new URL(request.url).searchParams].find(
    ([name, value]) => name !== 'error_description' && !printable.test(name + value),
  );
  return odd ? new AppError('bad_request', 'The address has characters that do not belong there.') : null;
}
