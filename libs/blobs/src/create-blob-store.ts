import type { BlobStore } from './blob-store.js';
import { FolderBlobStore } from './folder-blob-store.js';
import { S3BlobStore, type S3Options } from './s3-blob-store.js';

/** A bucket where one is named, else a folder. */
export function createBlobStore(folder: string, s3: Omit<S3Options, 'bucket'> & { bucket: string | null }): BlobStore {
  return s3.bucket === null ? new FolderBlobStore(folder) : new S3BlobStore({ ...s3, bucket: s3.bucket });
}
