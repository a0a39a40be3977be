/** A request to BigQuery's upload address: metadata and content as the two parts of one body. */
import { randomText } from '@/lib/platform/ids';

type Parts = { json?: unknown; upload?: string | Buffer };

/** Body and headers of such a request. */
export function uploadOf({ json, upload = '' }: Parts) {
  const boundary = `part-${randomText(20)}`;
  const head = (type: string) => `--${boundary}\r\ncontent-type: ${type}\r\n\r\n`;
  const before = `${head('application/json; charset=UTF-8')}${JSON.stringify(json)}\r\n${head('application/octet-stream')}`;
  const after = `\r\n--${boundary}--\r\n`;
  return {
    data:
      typeof upload === 'string'
        ? `${before}${upload}${after}`
        : Buffer.concat([Buffer.from(before), upload, Buffer.from(after)]),
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
  };
}
