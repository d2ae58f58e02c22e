import { isPermissive } from './licence.ts';
import type { FindingFacts, PackageFacts, Rule, Severity } from './types.ts';

const LARGE = 5_000_000;
const byVersion = new Intl.Collator('en', { numeric: true });

const severityOf: Readonly<Record<Rule, Severity>> = {
  'licence missing': 'high',
  'licence not permissive': 'medium',
  'install scripts': 'medium',
  deprecated: 'medium',
  'duplicate versions': 'low',
  large: 'low',
  'types missing': 'low',
};

/** What is wrong with a package, whatever else is installed. */
export function judgePackage(subject: PackageFacts): FindingFacts[] {
  const { licence, installScripts, deprecated, bytes, files } = subject;
  const findings: FindingFacts[] = [];
  if (licence === null) findings.push(finding('licence missing', subject, 'no licence named'));
  else if (!isPermissive(licence)) {
    findings.push(finding('licence not permissive', subject, `licence ${licence}: not known permissive`));
  }
  if (installScripts.length > 0) {
    findings.push(finding('install scripts', subject, `runs when installed: ${installScripts.join(', ')}`));
  }
  if (deprecated !== null) findings.push(finding('deprecated', subject, `deprecated: ${deprecated}`));
  if (bytes > LARGE) {
    const size = `${(bytes / 1e6).toFixed(1)} MB in ${String(files)} ${files === 1 ? 'file' : 'files'}`;
    findings.push(finding('large', subject, size));
  }
  return findings;
}

/** What only shows when all installed packages are looked at together. */
export function judgeInventory(packages: readonly PackageFacts[]): FindingFacts[] {
  const byName = new Map<string, [PackageFacts, ...PackageFacts[]]>();
  // The board's order changes with every replacement; the copy that a finding is about should not.
  for (const each of [...packages].sort(byPlace)) {
    const copies = byName.get(each.name);
    if (copies === undefined) byName.set(each.name, [each]);
    else copies.push(each);
  }
  return [...byName].flatMap(([name, copies]) => {
    const [first] = copies;
    const findings: FindingFacts[] = [];
    const versions = [...new Set(copies.map(({ version }) => version))].sort(byVersion.compare);
    if (versions.length > 1) {
      const message = `${String(versions.length)} versions: ${versions.join(', ')}`;
      findings.push(finding('duplicate versions', first, message));
    }
    const untyped = copies.find(({ types }) => types === 'missing');
    if (untyped !== undefined && !byName.has(typesPackageOf(name))) {
      findings.push(finding('types missing', untyped, 'no type declarations'));
    }
    return findings;
  });
}

/** True for a rule of {@link judgeInventory}. */
export function isAboutInventory(rule: Rule): boolean {
  return rule === 'duplicate versions' || rule === 'types missing';
}

function finding(rule: Rule, { path, name, version }: PackageFacts, message: string): FindingFacts {
  return { rule, severity: severityOf[rule], path, name, version, message, status: 'open' };
}

/** What lies on top first, then by path. */
function byPlace(a: PackageFacts, b: PackageFacts): number {
  const depth = ({ path }: PackageFacts) => path.split('/node_modules/').length;
  return depth(a) - depth(b) || (a.path < b.path ? -1 : 1);
}

function typesPackageOf(name: string): string {
  return `@types/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`;
}
