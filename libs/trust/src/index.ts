export { readFingerprint, readPair } from './pair.js';
export { pinnedAuthority } from './pinned.js';
export { ServedPair } from './served-pair.js';
export { tlsRemedy, trusted, trustEverywhere } from './trusted.js';
