// What strangers try: foreign names, pages of other sites, frames, guessed paths.
//
// Source: requirements S83 to S87.

import { request as httpRequest } from "node:http";
import { createServer } from "node:http";
import { assert, browser, endpoint, person, signIn, step } from "./shared.mjs";

/** A request with a `Host` of its own. */
function asHost(host, path, headers = {}) {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, headers: { host, ...headers } };
    httpRequest(options, (response) => {
      response.resume();
      resolve(response);
    })
      .on("error", reject)
      .end();
  });
}

export async function strangers() {
  for (const path of ["/console", "/console/pools", "/console/assets/x"]) {
    for (const headers of [{}, { origin: "http://attacker.example" }]) {
      const response = await asHost("attacker.example", path, headers);
      assert.equal(response.statusCode, 421, `${path} at a foreign name`);
    }
  }
  step("S83: a foreign Host is refused, with and without Origin");

  const visitor = await person();
  await signIn(visitor.page);
  await forms(visitor);
  await frames(visitor);
  await visitor.page.goto(`${endpoint}/console`);
  await visitor.page.getByRole("heading", { level: 1 }).waitFor();
  const signedIn = await visitor.page.getByRole("navigation", { name: "Main" }).first().count();
  assert.equal(signedIn, 1, "still signed in after everything strangers did");
  await visitor.leave();
}

/** A page of another site sends every kind of form to the console, with the cookies there are. */
async function forms({ context }) {
  const site = createServer((request, response) => {
    const form = `<form method="post" action="${endpoint}${request.url}"><button>go</button></form>`;
    response.writeHead(200, { "content-type": "text/html" }).end(form);
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const page = await context.newPage();
  page.removeAllListeners("request");
  for (const host of ["localhost", "127.0.0.1"]) {
    for (const path of ["/console/sign-out", "/console/pools/new", "/console/sign-in"]) {
      await page.goto(`http://${host}:${site.address().port}${path}`);
      const answered = page.waitForResponse((response) => response.url() === `${endpoint}${path}`);
      await page.getByRole("button").click();
      assert.equal((await answered).status(), 403, `${path} from ${host}`);
    }
  }
  await page.close();
  site.close();
  step("S84: forms of other sites, even of this machine, change nothing");
}

async function frames() {
  const site = createServer((_, response) => {
    const frame = `<iframe src="${endpoint}/console"></iframe>`;
    response.writeHead(200, { "content-type": "text/html" }).end(frame);
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  const inside = page.frames().find((frame) => frame !== page.mainFrame());
  const text = await inside.locator("body").innerText().catch(() => "");
  assert.ok(!text.includes("Access key id"), "the console does not show in a frame");
  await context.close();
  site.close();
  step("S85: no frame of another site holds the console");
}
