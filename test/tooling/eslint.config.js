import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const syntaxNowhere = [
  { selector: 'ExportDefaultDeclaration', message: 'Exports have names here.' },
  { selector: 'ExportAllDeclaration', message: 'List the names one by one.' },
  { selector: 'TSAsExpression > TSAsExpression.expression', message: 'A double cast hides a doubt: check the value.' },
];

const hostGlobals = [
  'process',
  'Buffer',
  'global',
  'setImmediate',
  'window',
  'document',
  'localStorage',
  'sessionStorage',
];

export default defineConfig(
  {
    ignores: ['dist/', 'test/*/.build/', 'reports/', 'coverage/', '.stryker-tmp/', '**/node_modules/', '**/fixtures/'],
  },
  // A rule that does not fit is changed here for everyone, not switched off line by line.
  { linterOptions: { noInlineConfig: true } },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...syntaxNowhere],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Text is handled by code point here, and spreading says so.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // An empty text is often as good as none.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // A type that contains itself can only be written with an index signature.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // `async` without `await` is how a check that throws becomes a rejected promise.
      '@typescript-eslint/require-await': 'off',
      // An aborted call rejects with the caller's own `signal.reason`, whatever that is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingAny: true, allowThrowingUnknown: true },
      ],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', ...hostGlobals],
      'no-restricted-syntax': [
        'error',
        ...syntaxNowhere,
        { selector: 'Program > ExpressionStatement', message: 'Importing the library does nothing.' },
        { selector: 'TSNonNullExpression', message: 'Check the value.' },
      ],
    },
  },
  { files: ['src/cli/**'], rules: { 'no-restricted-globals': 'off' } },
  // The program itself: importing it runs it.
  { files: ['src/cli/main.ts'], rules: { 'no-restricted-syntax': ['error', ...syntaxNowhere] } },
  {
    files: ['test/**', 'browser-test/**'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      'no-restricted-syntax': [
        'error',
        ...syntaxNowhere,
        {
          selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|fails)$/]',
          message: 'Every test runs.',
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-undef': 'off' },
  },
  // Tools want their configuration, and workerd its workers, as a default export.
  {
    files: [
      ...['tsup.config.ts', 'test/tooling/*.config.{js,mjs,ts}'],
      ...['browser-test', 'test/bench/web'].map((folder) => `${folder}/{setup,vitest.config}.ts`),
      'test/bundlers/project/edge.js',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
