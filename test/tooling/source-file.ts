import ts from 'typescript';

export interface SourceFacts {
  /** Module specifiers this file names: imports, re-exports, dynamic imports and import types alike. */
  readonly imports: readonly string[];
  readonly usesConsole: boolean;
  /** Lines that do something else than re-export names one by one. */
  readonly notReexports: readonly string[];
}

/** What the architecture rules need to know about one source file, read from its syntax tree. */
export function readSourceFacts(path: string, text: string): SourceFacts {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const imports: string[] = [];
  let usesConsole = false;
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== null) imports.push(specifier);
    if (ts.isIdentifier(node) && node.text === 'console') usesConsole = true;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const notReexports = tree.statements.filter((statement) => !isNamedReexport(statement)).map((each) => each.getText());
  return { imports, usesConsole, notReexports };
}

/** A dynamic import whose module is computed yields its own text, which then matches no rule and is reported. */
function specifierOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : null;
  if (ts.isExternalModuleReference(node)) return textOf(node.expression);
  if (ts.isCallExpression(node)) {
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    return isImport || isRequire ? textOf(node.arguments[0]) : null;
  }
  return null;
}

function textOf(node: ts.Node | undefined): string | null {
  if (node === undefined) return null;
  return ts.isStringLiteralLike(node) ? node.text : node.getText();
}

function isNamedReexport(statement: ts.Statement): boolean {
  return (
    ts.isExportDeclaration(statement) &&
    statement.moduleSpecifier !== undefined &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
  );
}
