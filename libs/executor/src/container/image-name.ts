/** The name with `:latest` where it has neither tag nor digest: an engine asked for a name alone fetches every tag. */
export function withTag(image: string): string {
  return image.includes('@') || /:[^/]+$/.test(image) ? image : `${image}:latest`;
}

/** The registry of an image name, as `docker login` writes it into its file. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const named = rest.length > 0 && (first.includes('.') || first.includes(':') || first === 'localhost');
  return named ? first : 'https://index.docker.io/v1/';
}
