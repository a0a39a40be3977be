/** Cloud KMS wraps and opens 32-byte data keys; checksums are verified in both directions. */
import { KeyManagementServiceClient } from '@google-cloud/kms';
import { PassThroughClient } from 'google-auth-library';
import { env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import { crc32c } from '@/lib/platform/files/crc32c';
import { log } from '@/lib/platform/log';
import { processWide } from '@/lib/platform/process-wide';

function createClient(): KeyManagementServiceClient {
  const apiUrl = env().KMS_API_URL;
  if (!apiUrl) return new KeyManagementServiceClient();
  const url = new URL(apiUrl);
  return new KeyManagementServiceClient({
    apiEndpoint: url.hostname,
    port: Number(url.port),
    fallback: 'rest',
    protocol: 'http',
    projectId: env().GOOGLE_CLOUD_PROJECT,
    authClient: new PassThroughClient(),
  } as ConstructorParameters<typeof KeyManagementServiceClient>[0]);
}

const client = (): KeyManagementServiceClient => processWide('kms', createClient);

const toBuffer = (value: string | Uint8Array | null | undefined): Buffer =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(value ?? []);
// A person waits for the answer: no retries of the client's own beyond this.
const callOptions = { timeout: 4_000, maxRetries: 0 };

/** Once more where the connection was kept and its other end closed it in that moment: nothing was done then. */
async function overOpenConnection<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!/socket hang up|ECONNRESET/.test(error instanceof Error ? error.message : '')) throw error;
    return call();
  }
}

function unavailable(action: string, error: unknown): AppError {
  const role = action === 'open' ? 'roles/cloudkms.cryptoKeyDecrypter' : 'roles/cloudkms.cryptoKeyEncrypter';
  // The caller may be a customer: which role might be missing is for the log alone.
  log().error({ err: error, role }, 'KMS did not answer; does the account have the role?');
  const message = `The key service did not ${action} the secret. Try again shortly.`;
  return new AppError('key_service_unavailable', message, { retryAfterSeconds: 5, cause: error });
}

/** Encrypts `plaintext` (≤ 64 KiB) bound to `additionalData`; answers ciphertext and the key version that made it. */
export async function kmsEncrypt(
  plaintext: Buffer,
  additionalData: Buffer,
): Promise<{ ciphertext: Buffer; keyVersion: string }> {
  try {
    const request = {
      name: env().KMS_KEY_NAME,
      plaintext,
      plaintextCrc32c: { value: String(crc32c(plaintext)) },
      additionalAuthenticatedData: additionalData,
      additionalAuthenticatedDataCrc32c: { value: String(crc32c(additionalData)) },
    };
    const [answer] = await overOpenConnection(() => client().encrypt(request, callOptions));
    const ciphertext = toBuffer(answer.ciphertext);
    if (!answer.verifiedPlaintextCrc32c || !answer.verifiedAdditionalAuthenticatedDataCrc32c) {
      throw new Error('KMS did not verify the checksums it was sent');
    }
    if (String(answer.ciphertextCrc32c?.value) !== String(crc32c(ciphertext)))
      throw new Error('the ciphertext was damaged on its way');
    return { ciphertext, keyVersion: answer.name ?? '' };
  } catch (error) {
    throw unavailable('seal', error);
  }
}

/** Decrypts what kmsEncrypt made; fails if `additionalData` differs. */
export async function kmsDecrypt(ciphertext: Buffer, additionalData: Buffer): Promise<Buffer> {
  try {
    const request = {
      name: env().KMS_KEY_NAME,
      ciphertext,
      ciphertextCrc32c: { value: String(crc32c(ciphertext)) },
      additionalAuthenticatedData: additionalData,
      additionalAuthenticatedDataCrc32c: { value: String(crc32c(additionalData)) },
    };
    const [answer] = await overOpenConnection(() => client().decrypt(request, callOptions));
    const plaintext = toBuffer(answer.plaintext);
    if (String(answer.plaintextCrc32c?.value) !== String(crc32c(plaintext)))
      throw new Error('the plaintext was damaged on its way');
    return plaintext;
  } catch (error) {
    throw unavailable('open', error);
  }
}
