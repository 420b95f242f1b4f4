// `npm run lane`: the console in a real browser, chapter by chapter; it fails loudly.
//
// Environment: DAYPASS_ENDPOINT and the root's AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; CHROMIUM
// when the browser is not /usr/bin/chromium; SHOTS names a folder for the screenshots.
// Arguments name the chapters to run; without any, all of them.

import { browser } from "./shared.mjs";
import { editors } from "./editors.mjs";
import { hostile } from "./hostile.mjs";
import { journeys } from "./journey.mjs";
import { many } from "./many.mjs";
import { rights } from "./rights.mjs";
import { screens } from "./screens.mjs";
import { session } from "./session.mjs";
import { strangers } from "./strangers.mjs";

const chapters = { journeys, session, editors, rights, hostile, strangers, screens, many };

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(chapters)) {
  console.log(`-- ${name}`);
  await chapters[name]();
}
await browser.close();
