import { invalid } from '@drover/domain';

/**
 * A relative path as it is stored: no `..`, no absolute, no empty part, no control character. `asked`: as a request has
 * it, which may be no text. Throws `invalid`.
 */
export function artifactPath(asked: unknown): string {
  const path = typeof asked === 'string' ? asked.toWellFormed() : '';
  const parts = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  // eslint-disable-next-line no-control-regex
  if (
    path.startsWith('/') ||
    parts.length === 0 ||
    path.length > 4_096 ||
    parts.some((part) => part === '..' || /[\u0000-\u001f\u007f]/.test(part))
  ) {
    throw invalid([
      {
        field: 'path',
        message: 'must be a relative path inside the working directory, without ".."',
        value: path.slice(0, 200),
      },
    ]);
  }
  return parts.join('/');
}
