// `npm run lane`: the console in a real browser, chapter by chapter; it fails loudly.
//
// Environment: DAYPASS_ENDPOINT and the root's AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; CHROMIUM
// when the browser is not /usr/bin/chromium; SHOTS names a folder for the screenshots.
// Arguments name the chapters to run; without any, all of them.

import { browser } from "./shared.mjs";
import { strangers } from "./strangers.mjs";

const chapters = { strangers };

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(chapters)) {
  console.log(`-- ${name}`);
  await chapters[name]();
}
await browser.close();
