export { BLOBS } from './token.js';
export type { BlobInfo, BlobStore } from './blob-store.js';
export { FolderBlobStore } from './folder-blob-store.js';
export { createBlobStore } from './create-blob-store.js';
