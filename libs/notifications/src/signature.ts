import { createHmac } from 'node:crypto';

/** Value of `X-Drover-Signature`: the HMAC-SHA256 of the body's bytes under the webhook's secret, as `sha256=<hex>`. */
export const signatureOf = (secret: string, body: string | Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
