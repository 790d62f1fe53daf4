import type { Otel, OtelOptions } from './ports.js';

/** Opens the way to a collector of OpenTelemetry. Its packages are loaded by this call, and by nothing else. */
export async function startOtel(options: OtelOptions): Promise<Otel> {
  const { OtelSdk } = await import('./sdk.js');
  return new OtelSdk(options);
}
