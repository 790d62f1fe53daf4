/** Of the API, as its document and its own pages say it. */
export const VERSION = '0.1.0';
