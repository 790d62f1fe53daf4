import type { BlobStore } from './blob-store.js';
import { FolderBlobStore } from './folder-blob-store.js';
import type { S3Options } from './s3-blob-store.js';

/** A bucket where one is named, else a folder. */
export async function createBlobStore(
  folder: string,
  s3: Omit<S3Options, 'bucket'> & { bucket: string | null },
): Promise<BlobStore> {
  if (s3.bucket === null) return new FolderBlobStore(folder);
  // Only who has a bucket pays for its client: 5 MB of resident memory.
  const { S3BlobStore } = await import('./s3-blob-store.js');
  return new S3BlobStore({ ...s3, bucket: s3.bucket });
}
