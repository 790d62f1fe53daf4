import { gauge } from './metrics.js';

/*
 * Every metric Drover owns is declared in this file, so that names and labels are seen side by side.
 * Labels: closed lists only (state, cause, dialect, route pattern), never ids, and no queue or owner names a client may invent.
 */

export const buildInfo = gauge('build_info', 'Always 1; the labels say which program and version this is', ['program', 'version'] as const);
