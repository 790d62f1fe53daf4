// The manifest of a package of Drover (`npm pack`): it names the packages that a running Drover loads, and no others.
import { OUTSIDE } from './bundle.mjs';

/** Packages that programs beside the bundles load: the search for artifacts, and the one in logs. */
const BESIDE = ['tinyglobby', 're2js'];

/** The fields of package.json that are for those who develop Drover. */
const OF_DEVELOPMENT = ['private', 'scripts', 'devDependencies', 'overrides', 'scarfSettings'];

const isLoaded = (name) =>
  BESIDE.includes(name) ||
  OUTSIDE.some((pattern) => (typeof pattern === 'string' ? pattern === name : pattern.test(name) && !isOfBuild(name)));
/** The compiler, which Nest asks for where there is one. */
const isOfBuild = (name) => name.startsWith('@swc/');

/** The package.json of a package: all other dependencies are in the bundles already. */
export function packedManifest(manifest) {
  const kept = Object.entries(manifest).filter(([field]) => !OF_DEVELOPMENT.includes(field));
  return {
    ...Object.fromEntries(kept),
    dependencies: Object.fromEntries(Object.entries(manifest.dependencies).filter(([name]) => isLoaded(name))),
  };
}

/** The place in which a package that lies at `from` finds `name`, as Node looks for it. */
function placeOf(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === '') return null;
  }
}

/** The lock (npm-shrinkwrap.json) of a package: an installation gets the versions that were tested. */
export function packedLock(lock, manifest) {
  const { packages } = lock;
  const kept = new Set();
  const take = (from, names, optional) => {
    for (const name of names) {
      const place = placeOf(packages, from, name);
      if (place === null && !optional)
        throw new Error(`package-lock.json has no ${name}, which ${from || 'drover'} needs.`);
      if (place === null || kept.has(place)) continue;
      kept.add(place);
      const {
        dependencies = {},
        optionalDependencies = {},
        peerDependencies = {},
        peerDependenciesMeta = {},
      } = packages[place];
      take(place, Object.keys(dependencies), false);
      take(place, Object.keys(optionalDependencies), true);
      take(
        place,
        Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional),
        true,
      );
    }
  };
  take('', Object.keys(manifest.dependencies), false);
  const { name, version, license, engines, bin, dependencies } = manifest;
  return {
    name,
    version,
    lockfileVersion: lock.lockfileVersion,
    requires: true,
    packages: {
      '': { name, version, license, dependencies, bin, engines },
      ...Object.fromEntries([...kept].sort().map((place) => [place, packages[place]])),
    },
  };
}
