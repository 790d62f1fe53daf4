export { baseOf, formatName, hasUnmatchedBrace, parseName, type ParsedName } from './names.js';
export { parseExposition, type Family, type Parsed, type Sample } from './parse.js';
export { formatValue, validBase, validName, writeExposition } from './write.js';
export { withLikedNames } from './rename.js';
