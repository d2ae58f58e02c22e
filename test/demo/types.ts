import { defineType } from 'boardlite';
import { z } from 'zod';

const severity = z.enum(['high', 'medium', 'low']);
const rule = z.enum([
  'licence missing',
  'licence not permissive',
  'install scripts',
  'deprecated',
  'duplicate versions',
  'large',
  'types missing',
]);

const packageFacts = z.object({
  /** From the audited folder, with slashes. */
  path: z.string(),
  name: z.string(),
  version: z.string(),
  /** As found, not checked; null where the package names none. */
  licence: z.string().nullable(),
  installScripts: z.array(z.string()),
  /** `not needed` where there is nothing to import. */
  types: z.enum(['included', 'missing', 'not needed']),
  bytes: z.int(),
  files: z.int(),
  /** The author's message. */
  deprecated: z.string().nullable(),
  /** False once the package is gone: a board keeps what it was told. */
  installed: z.boolean(),
});

const findingFacts = z.object({
  rule,
  severity,
  path: z.string(),
  name: z.string(),
  version: z.string(),
  message: z.string(),
  status: z.enum(['open', 'resolved']),
});

const reportFacts = z.object({
  packages: z.int(),
  open: z.record(severity, z.int()),
  resolved: z.int(),
  byRule: z.array(z.object({ rule, severity, count: z.int() })),
  /** The gravest first. */
  top: z.array(z.object({ severity, name: z.string(), version: z.string(), message: z.string() })),
});

/** One package folder, published by the scout. */
export const Package = defineType('audit.Package', packageFacts);
export type PackageFacts = z.infer<typeof packageFacts>;

/** One thing wrong with one package, published by the auditor. */
export const Finding = defineType('audit.Finding', findingFacts);
export type FindingFacts = z.infer<typeof findingFacts>;
export type Rule = FindingFacts['rule'];
export type Severity = FindingFacts['severity'];

/** What the findings come to, published by the editor. */
export const Report = defineType('audit.Report', reportFacts);
export type ReportFacts = z.infer<typeof reportFacts>;

/** The gravest first. */
export const SEVERITIES = severity.options;
