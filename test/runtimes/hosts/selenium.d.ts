/** The part that is used here; https://www.selenium.dev/selenium/docs/api/javascript/ documents it. */
declare module 'selenium-webdriver' {
  export interface WebDriver {
    getCapabilities(): Promise<{ get(name: string): unknown }>;
    get(url: string): Promise<void>;
    getWindowHandle(): Promise<string>;
    executeAsyncScript(script: string, ...args: unknown[]): Promise<unknown>;
    switchTo(): { newWindow(type: 'tab'): Promise<void>; window(handle: string): Promise<void> };
    manage(): { setTimeouts(timeouts: { script: number }): Promise<void> };
    close(): Promise<void>;
    quit(): Promise<void>;
  }
  export class Builder {
    usingServer(url: string): this;
    withCapabilities(capabilities: object): this;
    build(): Promise<WebDriver>;
  }
}
