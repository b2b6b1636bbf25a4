/** What came of the tests of one VS Code. */
export interface SuiteResults {
  readonly passed: { readonly title: string; readonly millis: number }[];
  readonly failed: { readonly title: string; readonly stack: string }[];
  readonly skipped: { readonly title: string }[];
}
