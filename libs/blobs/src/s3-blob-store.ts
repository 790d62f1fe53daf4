import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { DroverError } from '@drover/domain';
import { demandKey, type BlobInfo, type BlobStore } from './blob-store.js';
import { meter } from './meter.js';

export interface S3Options {
  bucket: string;
  endpoint: string | null;
  region: string;
  /** Null with the secret: the usual places of the SDK. */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  /** Before every key. */
  prefix: string;
  pathStyle: boolean;
}

/** Memory of one upload is PART_BYTES times PARTS_AT_ONCE; S3 takes 10,000 parts, so objects may have 80 GiB. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;

/** Objects in a bucket of any store that speaks S3. An object appears when all of it is there. */
export class S3BlobStore implements BlobStore {
  private readonly client: S3Client;

  constructor(private readonly options: S3Options) {
    const { endpoint, region, accessKeyId, secretAccessKey, pathStyle } = options;
    this.client = new S3Client({
      region,
      forcePathStyle: pathStyle,
      // Stores of one's own do not all know the checksums newer SDKs add by default; ours is in the record.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(endpoint === null ? {} : { endpoint }),
      ...(accessKeyId === null || secretAccessKey === null ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    });
  }

  async put(key: string, body: Readable, options: { maxBytes?: number } = {}): Promise<BlobInfo> {
    const { stream, info } = meter(options.maxBytes);
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.options.bucket, Key: this.keyOf(key), Body: stream },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    });
    const sent = upload.done();
    sent.catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))));
    try {
      await Promise.all([pipeline(body, stream), sent]);
    } catch (error) {
      // Parts that are there already would be paid for and never seen.
      await upload.abort().catch(() => undefined);
      await sent.catch(() => undefined);
      throw error;
    }
    return info();
  }

  async get(key: string, range?: { start: number; end: number }): Promise<Readable> {
    try {
      const answer = await this.client.send(
        new GetObjectCommand({
          Bucket: this.options.bucket,
          Key: this.keyOf(key),
          ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}),
        }),
      );
      return answer.Body as Readable;
    } catch (error) {
      if (error instanceof NoSuchKey || (error as { name?: string }).name === 'NotFound')
        throw new DroverError('not_found', 'The object is not stored any more.');
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.options.bucket, Key: this.keyOf(key) }));
  }

  async ping(): Promise<void> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.options.bucket }), {
        abortSignal: AbortSignal.timeout(5_000),
      });
    } catch (error) {
      throw new DroverError(
        'unavailable',
        `The bucket ${this.options.bucket} cannot be used: ${(error as Error).message}.`,
      );
    }
  }

  close(): void {
    this.client.destroy();
  }

  private keyOf(key: string): string {
    demandKey(key);
    return this.options.prefix === '' ? key : `${this.options.prefix.replace(/\/+$/, '')}/${key}`;
  }
}
