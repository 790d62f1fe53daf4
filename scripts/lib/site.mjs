// Builds the documents (docs, the dialects' pages, README, CHANGELOG) into `dist/site`: pages with relative links
// alone, which the API serves below /manual/ and any web server can, too. `node scripts/lib/site.mjs [folder]`
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './root.mjs';

const SITE_OUTPUT = join(root, 'dist', 'site');
const STYLE = join(root, 'scripts/lib/site.css');
const LOOK = join(root, 'libs/http/src/look/pages.css');
const IMAGES = join(root, 'docs/images');
const ICON = join(root, 'apps/web/public/favicon.svg');

/** The list at the left of each page, by source. Pages that are missing here are reached by links. */
const NAVIGATION = [
  ['', ['docs/index.md', 'docs/start.md', 'docs/concepts.md']],
  [
    'Guides',
    ['docs/guides/hpc.md', 'docs/guides/test-lab.md', 'docs/guides/ml-and-batch.md', 'docs/guides/operator.md'],
  ],
  [
    'Reference',
    [
      'docs/command-line.md',
      'docs/reference/commands.md',
      'docs/api.md',
      'clients/typescript/README.md',
      'clients/python/README.md',
      'docs/configuration.md',
      'docs/reference/causes.md',
      'docs/reference/metrics.md',
      'docs/console.md',
      'docs/alarms.md',
      'docs/profiles.md',
      'docs/dialects.md',
    ],
  ],
  [
    'Operation',
    [
      'docs/install.md',
      'docs/nodes.md',
      'docs/upgrading.md',
      'docs/backup.md',
      'docs/monitoring.md',
      'docs/security.md',
      'docs/performance.md',
      'docs/troubleshooting.md',
      'docs/comparison.md',
    ],
  ],
  ['Development', ['docs/architecture.md', 'docs/decisions/README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']],
];

/** Sources from the project's folder with the names of their pages. */
function sitePages() {
  const docs = readdirSync(join(root, 'docs'), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replaceAll('\\', '/'))
    .map((name) => [`docs/${name}`, name.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html')]);
  const dialects = readdirSync(join(root, 'libs/dialects'))
    .map((name) => [`libs/dialects/${name}/README.md`, `dialects/${name}.html`])
    .filter(([path]) => existsSync(join(root, path)));
  const others = [
    ['clients/typescript/README.md', 'clients/typescript.html'],
    ['clients/python/README.md', 'clients/python.html'],
    ['README.md', 'readme.html'],
    ['CHANGELOG.md', 'changelog.html'],
    ['CONTRIBUTING.md', 'contributing.html'],
  ];
  return new Map([...docs, ...dialects, ...others.filter(([path]) => existsSync(join(root, path)))]);
}

/** A heading's name in links, as forges make it. */
const slug = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const titleOf = (text, path) => /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? path;

/** The files that the site is made of, from the project's folder: its pages, its styles and this program. */
export const siteSources = () => [
  ...sitePages().keys(),
  ...[STYLE, LOOK, ICON, fileURLToPath(import.meta.url)].map((path) => relative(root, path)),
];

/** A hash of all that the site is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of siteSources().map((one) => join(root, one)))
    hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** Builds every page where a source has changed, and takes those away that have no source any more. */
export async function buildSite(output = SITE_OUTPUT) {
  // An image or an archive without the documents has no manual.
  if (!existsSync(join(root, 'docs'))) return;
  const pages = sitePages();
  const stamp = join(output, '.stamp');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const { default: MarkdownIt } = await import('markdown-it');
  const { default: anchor } = await import('markdown-it-anchor');
  const texts = new Map([...pages.keys()].map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const titles = new Map([...texts].map(([path, text]) => [path, titleOf(text, path)]));
  const markdown = new MarkdownIt({ html: false, linkify: false }).use(anchor, { slugify: slug });
  wrapTables(markdown);
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'site.css'), readFileSync(LOOK, 'utf8') + readFileSync(STYLE, 'utf8'));
  cpSync(ICON, join(output, 'favicon.svg'));
  if (existsSync(IMAGES)) cpSync(IMAGES, join(output, 'images'), { recursive: true });
  for (const [path, name] of pages) {
    const to = (target) => posix.relative(posix.dirname(name), target) || posix.basename(name);
    // Comments of Markdown are for those who edit it.
    const text = texts.get(path).replaceAll(/^<!--.*?-->\n?/gms, '');
    const tokens = markdown.parse(text, {});
    for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])])) relink(token, path, pages, to);
    const target = join(output, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(
      target,
      pageOf(titles.get(path), markdown.renderer.render(tokens, markdown.options, {}), path, titles, pages, to),
    );
  }
  writeFileSync(stamp, wanted);
}

/** A wide table scrolls by itself, and can be reached with the keyboard. It is a group, as pages have several. */
function wrapTables({ renderer }) {
  renderer.rules.table_open = () => '<div class="wide" tabindex="0" role="group" aria-label="Table">\n<table>\n';
  renderer.rules.table_close = () => '</table>\n</div>\n';
  // A head without a word heads nothing, and readers of the page's text would hear an empty one.
  const isEmpty = (tokens, at) => tokens[at].content === '';
  renderer.rules.th_open = (tokens, at, options, env, self) =>
    isEmpty(tokens, at + 1) ? '<td>' : self.renderToken(tokens, at, options);
  renderer.rules.th_close = (tokens, at, options, env, self) =>
    isEmpty(tokens, at - 1) ? '</td>\n' : self.renderToken(tokens, at, options);
  const fence = renderer.rules.fence;
  renderer.rules.fence = (...given) => fence(...given).replace('<pre>', '<pre tabindex="0">');
}

/** Links between sources become links between pages; those to other files of the project lose their link. */
function relink(token, path, pages, to) {
  const name = token.type === 'link_open' ? 'href' : token.type === 'image' ? 'src' : null;
  const link = name === null ? null : token.attrGet(name);
  if (link === null || /^[a-z]+:|^#/.test(link)) return;
  const [file, fragment] = link.split('#', 2);
  const source = posix.join(posix.dirname(path), file);
  const hash = fragment === undefined ? '' : `#${fragment}`;
  if (pages.has(source)) token.attrSet(name, to(pages.get(source)) + hash);
  else if (source.startsWith('docs/images/')) token.attrSet(name, to(source.slice('docs/'.length)));
  else token.attrs = token.attrs.filter(([attribute]) => attribute !== name);
}

function pageOf(title, body, path, titles, pages, to) {
  const groups = NAVIGATION.map(([heading, paths]) => {
    const items = paths
      .filter((one) => pages.has(one))
      .map((one) => {
        const here = one === path ? ' aria-current="page"' : '';
        return `<li><a href="${to(pages.get(one))}"${here}>${escaped(titles.get(one))}</a></li>`;
      });
    return `${heading === '' ? '' : `<h2>${heading}</h2>\n`}<ul>\n${items.join('\n')}\n</ul>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} - Drover</title>
<link rel="icon" href="${to('favicon.svg')}">
<link rel="stylesheet" href="${to('site.css')}">
</head>
<body class="manual">
<a class="skip" href="#text">Skip to the text</a>
<a class="to-pages" href="#pages">Pages</a>
<nav id="pages" aria-label="Pages">
${groups.join('\n')}
</nav>
<main id="text">
${body}</main>
</body>
</html>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const output = process.argv[2] ?? SITE_OUTPUT;
  await buildSite(output);
  console.log(`${relative(process.cwd(), output)}/index.html`);
}
