// The oldest Node that the packages run on (package.json, engines).
const [major, minor] = process.versions.node.split('.').map(Number);

if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22)) {
  console.error(
    `drover: Node.js ${process.versions.node} is too old or unsupported: install 20.19 or newer (not 21), or 22.12 or newer.`,
  );
  process.exit(1);
}
