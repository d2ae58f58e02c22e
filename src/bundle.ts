export { exportBundle } from './bundle/export-bundle.ts';
export { importBundle } from './bundle/import-bundle.ts';
export type { BundleSource, ImportOptions } from './bundle/import-bundle.ts';
export type { ImportCounts, ImportReport, OnConflict } from './bundle/comparison.ts';
export type { Pieces } from './bundle/pieces.ts';
export type { BundleProgress, BundleWork } from './bundle/work.ts';
