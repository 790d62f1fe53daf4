/** Characters of the sentence on an end that are kept; an agent may say more. */
const MOST = 10_000;

/** The sentence as the record can hold it: an end is never refused for its sake. */
export const keptDetail = (detail: string | null | undefined): string | null =>
  detail == null ? null : detail.slice(0, MOST).replaceAll('\u0000', '').toWellFormed();
