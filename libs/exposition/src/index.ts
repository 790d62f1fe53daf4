export { baseOf, formatName, hasUnmatchedBrace, parseName } from './names.js';
export { parseExposition } from './parse.js';
export { validName, writeExposition } from './write.js';
export { withLikedNames } from './rename.js';
