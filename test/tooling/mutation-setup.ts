import { configureGlobal, readConfigureGlobal } from 'fast-check';

// Whether a mutant is noticed does not depend on how small an input shows it, and looking for that takes long.
configureGlobal({ ...readConfigureGlobal(), endOnFailure: true });
