import { lab } from './lab.ts';

globalThis.lab = lab;
