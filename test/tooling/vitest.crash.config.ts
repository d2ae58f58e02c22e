import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Histories with crashes at every step, against a modelled disk: a run of its own. */
export default defineConfig({ ...base, test: { ...base.test, include: ['test/crash/*.model.ts'] } });
