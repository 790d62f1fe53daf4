// The oldest Node that the packages run on (package.json, engines). The supported lines are 22 and 24; 20 still works.
const [major, minor] = process.versions.node.split('.').map(Number);

if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22)) {
  console.error(
    `drover: Node.js ${process.versions.node} is too old or unsupported: install 24 or 22 (22.12 or newer); 20.19 or newer still works.`,
  );
  process.exit(1);
}

/** Says it where nobody mends faults of this Node any more. For programs that a person starts and that stay. */
export function warnOfAge() {
  if (major < 22)
    console.error(
      `drover: Node.js ${major} has had no fixes since 30 April 2026, not even for security: install Node.js 24 or 22. Drover goes on.`,
    );
}

/** The lines that `npm run smoke` tries: the oldest version that still works, and the supported ones. */
export const LINES = ['20.19', '22', '24'];
