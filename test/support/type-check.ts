import { join } from 'node:path';
import ts from 'typescript';

type Resolved = ts.ResolvedModuleWithFailedLookupLocations;
type Resolving = Parameters<NonNullable<ts.CompilerHost['resolveModuleNameLiterals']>>;
type NoteImport = (imported: string, name: string, by: string) => void;

const { sys } = ts;
const ofPackage = (path: string): boolean => path.includes('/node_modules/');
const own = (program: ts.Program): ts.SourceFile[] =>
  program.getSourceFiles().filter((file) => !ofPackage(file.fileName));

/** A file that says something of other modules, or of every file, concerns files that do not import it. */
const concernsAll = (file: ts.SourceFile): boolean =>
  !ts.isExternalModule(file) || file.statements.some(ts.isModuleDeclaration);

/**
 * Checks the types of the programs in a tree whose files change, again and again. A file that stays as it is is parsed
 * once, and one that depends on no change is not checked.
 */
export class TypeCheck {
  /** Files as they were when they were read last. */
  private readonly parsed = new Map<string, ts.SourceFile>();
  /** Whether a file or folder of a package exists: asked for many times, and nobody changes packages. */
  private readonly exists = new Map<string, boolean>();
  /** The files that the imports of a package's file lead to. */
  private readonly resolved = new Map<ts.SourceFile, Resolved[]>();
  /** The files that each file of ours imports: by their paths, the names it calls them by. */
  private readonly imports = new Map<string, Map<string, Set<string>>>();
  private readonly asItWas: ts.Program;

  /** The tree as it is now counts as right: `faults` looks at what has changed since. */
  constructor(private readonly tree: string) {
    this.asItWas = this.program((imported, name, by) => {
      const ofFile = this.imports.get(by) ?? new Map<string, Set<string>>();
      this.imports.set(by, ofFile.set(imported, (ofFile.get(imported) ?? new Set()).add(name)));
    });
  }

  /** The compiler's messages about files that have changed, or whose types can be others since. */
  faults(): string[] {
    const now = this.program();
    const files = own(now);
    const changed = [
      ...files.filter((file) => this.asItWas.getSourceFile(file.fileName) !== file),
      ...own(this.asItWas).filter((file) => now.getSourceFile(file.fileName) !== file),
    ];
    const concerned = changed.some(concernsAll) ? null : this.concerned(changed);
    const faults = files
      .filter((file) => concerned === null || concerned.has(file.fileName))
      .flatMap((file) => [...now.getSyntacticDiagnostics(file), ...now.getSemanticDiagnostics(file)]);
    return [...now.getOptionsDiagnostics(), ...faults].map((fault) => this.textOf(fault));
  }

  /**
   * The paths of these files, and of the files whose types can differ with them: those that import them, and where the
   * declarations of such a file name an import, those that import that file, too.
   */
  private concerned(changed: ts.SourceFile[]): Set<string> {
    const otherTypes = new Set(changed.map((file) => file.fileName));
    const concerned = new Set(otherTypes);
    for (const path of otherTypes)
      for (const [importer, imports] of this.imports) {
        const names = imports.get(path);
        if (!names || otherTypes.has(importer)) continue;
        concerned.add(importer);
        const declared = this.declares(importer);
        if ([...names].some((name) => declared.has(name))) otherTypes.add(importer);
      }
    return concerned;
  }

  /** The names of the modules that the declarations of a file need; of all it imports where they have to be inferred. */
  private declares(path: string): Set<string> {
    const { text = '' } = this.asItWas.getSourceFile(path) ?? {};
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
      fileName: path,
      reportDiagnostics: true,
      compilerOptions: { ...this.asItWas.getCompilerOptions(), isolatedDeclarations: true, declaration: true },
    });
    const known = diagnostics.length === 0 ? outputText : text;
    return new Set(ts.preProcessFile(known).importedFiles.map(({ fileName }) => fileName));
  }

  private program(note?: NoteImport): ts.Program {
    const config = ts.getParsedCommandLineOfConfigFile(
      join(this.tree, 'tsconfig.build.json'),
      { noEmit: true, incremental: false, tsBuildInfoFile: undefined },
      {
        ...sys,
        onUnRecoverableConfigFileDiagnostic: (fault) => {
          throw new Error(this.textOf(fault));
        },
      },
    );
    if (!config) throw new Error(`${this.tree} has no tsconfig.build.json.`);
    const { fileNames: rootNames, options } = config;
    return ts.createProgram({ rootNames, options, host: this.host(options, note) });
  }

  private host(options: ts.CompilerOptions, note?: NoteImport): ts.CompilerHost {
    const host = ts.createCompilerHost(options);
    const cache = ts.createModuleResolutionCache(this.tree, (path) => path, options);
    const resolve = (literals: readonly ts.StringLiteralLike[], file: ts.SourceFile): Resolved[] =>
      literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(file, literal, options);
        return ts.resolveModuleName(literal.text, file.fileName, options, host, cache, undefined, mode);
      });
    const { fileExists, directoryExists = sys.directoryExists } = host;
    return Object.assign(host, {
      jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors,
      fileExists: (path: string) => this.remembered(path, fileExists),
      directoryExists: (path: string) => this.remembered(path, directoryExists),
      getSourceFile: (path: string, how: ts.CreateSourceFileOptions) => this.parse(path, how),
      getModuleResolutionCache: () => cache,
      resolveModuleNameLiterals: (...[literals, , , , file]: Resolving) => {
        const found = this.resolved.get(file) ?? resolve(literals, file);
        if (ofPackage(file.fileName)) this.resolved.set(file, found);
        else
          found.forEach(({ resolvedModule: to }, place) => {
            if (to) note?.(to.resolvedFileName, literals[place]?.text ?? '', file.fileName);
          });
        return found;
      },
    });
  }

  private remembered(path: string, look: (path: string) => boolean): boolean {
    if (!ofPackage(path)) return look(path);
    const known = this.exists.get(path) ?? look(path);
    this.exists.set(path, known);
    return known;
  }

  private parse(path: string, how: ts.CreateSourceFileOptions): ts.SourceFile | undefined {
    const before = this.parsed.get(path);
    if (before && ofPackage(path)) return before;
    const text = sys.readFile(path);
    if (text === undefined || text === before?.text) return text === undefined ? undefined : before;
    const file = ts.createSourceFile(path, text, { ...how, jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeErrors });
    this.parsed.set(path, file);
    return file;
  }

  private textOf({ file, start, messageText }: ts.Diagnostic): string {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    if (!file) return text;
    return `${file.fileName.replace(`${this.tree}/`, '')}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}: ${text}`;
  }
}
