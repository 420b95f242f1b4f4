// What every chapter needs: the server under test, its root key, a browser, a way to say what held.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chromium } from "playwright-core";

export const endpoint = process.env.DAYPASS_ENDPOINT;
assert.ok(endpoint, "DAYPASS_ENDPOINT names the server");

export const root = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
};

/** Something no other run and no other chapter uses. */
export const fresh = (word) => `${word}-${randomBytes(4).toString("hex")}`;

export const step = (said) => console.log(`ok  ${said}`);

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

const WAIT_MILLISECONDS = 15_000;

/** A person's browser: its own cookies; every error of a script and every foreign request fails. */
export async function person(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    ...options,
  });
  context.setDefaultTimeout(WAIT_MILLISECONDS);
  const page = await context.newPage();
  const faults = [];
  context.on("page", (opened) => watch(opened, faults));
  watch(page, faults);
  return {
    context,
    page,
    async leave() {
      await context.close();
      assert.deepEqual(faults, [], "the browser had nothing to complain about");
    },
  };
}

function watch(page, faults) {
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // A refused form is answered with its status; browsers note that, and it is no fault.
    const expected = /the server responded with a status of 4\d\d/;
    if (message.type() === "error" && !expected.test(message.text())) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(endpoint) && !url.startsWith("data:") && !url.startsWith("blob:")) {
      faults.push(`foreign request: ${url}`);
    }
  });
}

/** Signs in as the owner of a key, and ends on the page that was asked for. */
export async function signIn(page, path = "/console", keys = root) {
  await page.goto(`${endpoint}${path}`);
  await page.getByLabel("Access key id").fill(keys.accessKeyId);
  await page.getByLabel("Secret access key").fill(keys.secretAccessKey);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(`${endpoint}${path}`);
}

export { assert };
