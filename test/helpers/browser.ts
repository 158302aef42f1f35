import chromiumBundle from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** A real Chromium from npm, or null where none can run: such a test reports "not run", never "passed". */
export async function launchBrowser(): Promise<Browser | null> {
  try {
    return await chromium.launch({
      executablePath: await chromiumBundle.executablePath(),
      args: chromiumBundle.args,
      headless: true,
    });
  } catch {
    return null;
  }
}
