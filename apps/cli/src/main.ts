// Starts from the bundle of program.ts, which scripts/build.mjs makes.
await import(new URL('../../../programs/cli.js', import.meta.url).href);
