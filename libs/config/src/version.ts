/** The version of the API, as its document and its pages say it. */
export const VERSION = '0.1.0';
