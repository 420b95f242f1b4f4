// An app that consists of what the console says to copy: the backend as a process of its own, the
// client in a page of another origin. Not a character of either is changed.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { assert, browser, fresh } from "./shared.mjs";

const START_MILLISECONDS = 30_000;

/** A page that answers like the developer's own site: `/session` is the backend's. */
const PAGE = `<!doctype html><title>app</title>
<script>globalThis.process = { env: { BACKEND_URL: "/session" } };</script>
<script type="module" src="/client.js"></script>`;

/** Runs the app and answers with what its page wrote. */
export async function runApp({ backend, client, keys }) {
  // Below this folder, so that the packages of the lane are found as the snippet's own.
  const folder = mkdtempSync(join(import.meta.dirname, "node_modules", ".app-"));
  const port = await freePort();
  const child = startBackend(folder, backend, keys, port);
  try {
    const script = await bundle(folder, client);
    return await visit(script, port, child);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startBackend(folder, text, keys, port) {
  const file = join(folder, "backend.mts");
  writeFileSync(file, text);
  const tsx = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist/cli.mjs");
  return spawn(process.execPath, [tsx, file], {
    env: {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1",
      PORT: String(port),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/** The client as a bundler gives it to a browser. */
async function bundle(folder, text) {
  const file = join(folder, "client.mts");
  writeFileSync(file, text);
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { global: "globalThis" },
    logLevel: "error",
  });
  return outputFiles[0].contents;
}

/** Opens the page of another origin, and waits for its last line. */
async function visit(script, backendPort, child) {
  const site = createServer((request, response) => answer(request, response, script, backendPort));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext();
  const page = await context.newPage();
  const lines = [];
  try {
    const ended = new Promise((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the backend exited with ${code}`)));
      setTimeout(() => reject(new Error(`the page wrote only ${JSON.stringify(lines)}`)), START_MILLISECONDS).unref();
      page.on("pageerror", (error) => reject(error));
      page.on("console", (message) => {
        if (message.type() !== "log") return;
        lines.push(message.text());
        if (/^refused/.test(message.text())) resolve();
      });
    });
    await listening(backendPort);
    await page.goto(`http://localhost:${site.address().port}/${fresh("visit")}`);
    await ended;
  } finally {
    await context.close();
    site.close();
  }
  return lines;
}

async function answer(request, response, script, backendPort) {
  if (request.url === "/client.js") {
    response.writeHead(200, { "content-type": "text/javascript" }).end(script);
  } else if (request.url === "/session") {
    const reply = await fetch(`http://127.0.0.1:${backendPort}/session`, { method: request.method });
    response.writeHead(reply.status, { "content-type": "application/json" }).end(await reply.text());
  } else {
    response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  }
}

async function listening(port) {
  for (const start = Date.now(); Date.now() - start < START_MILLISECONDS; ) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("the backend did not start");
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
