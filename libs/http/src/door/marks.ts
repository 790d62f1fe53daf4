import { SetMetadata } from '@nestjs/common';

export const CHANGES = 'drover:changes-by-get';
export const READS = 'drover:only-reads';

/**
 * Marks a route whose GET (and HEAD) changes something, as old contracts have it: web pages of other origins may not
 * ask for it. A GET without this mark only reads; test/doors/state-changing-gets.test.ts asks each of them and watches
 * the database.
 */
export const ChangesByGet = (): MethodDecorator => SetMetadata(CHANGES, true);

/** Marks a route without parameters whose path a marked wildcard route covers, too: its GET only reads. */
export const OnlyReads = (): MethodDecorator => SetMetadata(READS, true);
