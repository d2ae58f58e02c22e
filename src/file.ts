export { fileMedium, type FileMediumOptions } from './persistence/file-medium.ts';
