/** Something cannot be measured on this machine: the message says what to install. The rest goes on. */
export class Missing extends Error {}
