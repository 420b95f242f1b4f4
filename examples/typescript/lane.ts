// `npm run lane`: drives the example, whole and unchanged, in a real browser, and fails loudly.
//
// Environment: AWS_ENDPOINT_URL and an administrator's AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY, as for setup.ts; CHROMIUM when the browser is not /usr/bin/chromium.
// For SDK v2 and then for SDK v3 it sets up (in a file of its own, .env.local stays untouched),
// starts the backend on a free port, plays each journey, and tears everything down again.
import { spawn, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import {
  CognitoIdentityClient,
  GetCredentialsForIdentityCommand,
} from "@aws-sdk/client-cognito-identity";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { chromium, type Browser } from "playwright-core";
import { check, Visit } from "./lane/visit.js";

const folder = mkdtempSync(join(tmpdir(), "daypass-example-"));
const environment = { ...process.env, ENV_FILE: join(folder, "env"), PORT: "0" };
const endpoint = process.env["AWS_ENDPOINT_URL"] || undefined;
const region = process.env["AWS_REGION"] || "us-east-1";
const children = new Set<ChildProcess>();

function run(...parts: string[]): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", ...parts], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

/** Runs a script to its end and answers with what it printed. */
async function finish(...parts: string[]): Promise<string> {
  const child = run(...parts);
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  check(code === 0, `${parts.join(" ")} exited with ${code}`);
  return text;
}

/** Starts the backend as a person would, and waits for the address that it prints. */
async function backend(version: string, tokenSeconds: number): Promise<[string, ChildProcess]> {
  environment["TOKEN_SECONDS" as keyof typeof environment] = String(tokenSeconds);
  const child = run("start.ts", version);
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`backend ${version} exited with ${code}`)));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec((text += chunk));
      if (found) resolve(found[0]);
    });
  });
  return [url, child];
}

/** Login, upload, listing, refusal, reload, logout, a second user, a device. */
async function firstDay(browser: Browser, version: string): Promise<void> {
  const [url, child] = await backend(version, 900);
  const visit = await Visit.open(browser, url, version);
  await visit.after(() => visit.login({ user: "ana", password: "wrong" }), /login refused/);
  await visit.after(
    () => visit.login({ user: "ana", password: "ana-likes-tea" }),
    /listed 0 files/,
  );
  const ana = await visit.identity();
  visit.expectCalls("first load", { GetCredentialsForIdentity: 1, GetId: 0, GetOpenIdToken: 0 });

  await visit.after(
    () => visit.upload("note.txt", Buffer.from("hello")),
    /uploaded note.txt\nlisted 1 /,
  );
  check((await visit.files()).includes(`${ana}/note.txt`), "the listing lacks the upload");
  const parts = randomBytes(6 * 1024 * 1024);
  await visit.after(() => visit.upload("parts.bin", parts), /uploaded parts.bin\nlisted 2 /);
  await same(`${ana}/parts.bin`, parts);
  const refusal = await visit.after(() => visit.page.click("#foreign"), /refused: .*/);
  check(/AccessDenied.*s3:PutObject/.test(refusal), `the refusal gives no reason: ${refusal}`);
  visit.say(`refused as it should be: ${refusal.trim()}`);
  visit.expectCalls("all of it", { GetCredentialsForIdentity: 1, GetId: 0, GetOpenIdToken: 0 });

  await visit.after(() => visit.page.reload(), /listed 2 files/, true);
  check((await visit.identity()) === ana, "a reload changed the identity");
  check(!(await visit.storage()).includes("eyJ"), "a token was left in the browser's storage");
  await visit.logout();
  check(!(await visit.storage()).includes(ana), "the identity outlived its logout");
  check((await visit.sessionStatus()) === 401, "the session outlived its logout");

  await visit.after(
    () => visit.login({ user: "ben", password: "ben-likes-rain" }),
    /listed 0 files/,
  );
  const ben = await visit.identity();
  check(ben !== ana, "the second user got the identity of the first");
  await visit.page.fill("#other", ana);
  await visit.after(() => visit.page.click("#foreign"), /refused: AccessDenied/);
  await visit.after(
    () => visit.upload("ben.txt", Buffer.from("hi")),
    /uploaded ben.txt\nlisted 1 /,
  );
  check((await visit.files()).join() === `${ben}/ben.txt`, "the second user sees other files");
  await visit.logout();

  await visit.after(() => visit.login({ deviceCode: "lamp-0000" }), /login refused/);
  await visit.after(
    () => visit.login({ deviceCode: "lamp-7f3a-9c41-55d0-e2b8" }),
    /listed 0 files/,
  );
  const device = await visit.identity();
  check(device !== ana && device !== ben, "the device got the identity of a person");
  await visit.after(() => visit.upload("light.txt", Buffer.from("on")), /uploaded light.txt/);
  await visit.logout();
  await visit.after(
    () => visit.login({ deviceCode: "lamp-7f3a-9c41-55d0-e2b8" }),
    /listed 1 files/,
  );
  check((await visit.identity()) === device, "the device got a new identity at its next login");
  visit.expectCalls("the whole day", { GetId: 0, GetOpenIdToken: 0 });
  await visit.close();
  child.kill();
}

/** Tokens of ten seconds and credentials that end at once: what a long day brings, in short. */
async function longDay(browser: Browser, version: string): Promise<void> {
  const [url, child] = await backend(version, 10);
  // Credentials live an hour on the server. Once, the browser is told that they end so soon that
  // the SDK (which renews v2: 15 seconds, v3: 5 minutes ahead) will renew them in two seconds.
  const visit = await Visit.open(browser, url, version, { shorten: 1 });
  visit.shortenedSeconds = version === "v2" ? 17 : 302;
  await visit.after(
    () => visit.login({ user: "ana", password: "ana-likes-tea" }),
    /listed \d+ files/,
  );
  const identityId = await visit.identity();
  const first = visit.tokens().at(-1) ?? "";
  await expired(identityId, first);

  visit.forget();
  await visit.after(
    () =>
      visit.page.evaluate(() => {
        for (let n = 0; n < 3; n += 1) document.getElementById("list")?.click();
      }),
    /(listed \d+ files\n){3}/,
  );
  visit.expectCalls("three requests at once", {
    session: 1,
    GetCredentialsForIdentity: 1,
    GetId: 0,
  });
  check(visit.tokens().at(-1) !== first, "the renewal used the dead token again");

  // A large upload, in parts, with credentials that are at their end before each next request.
  visit.forget();
  visit.shorten = Infinity;
  visit.shortenedSeconds = 0;
  await visit.after(() => visit.page.reload(), /listed/, true);
  const large = randomBytes(26 * 1024 * 1024);
  await visit.after(() => visit.upload("large.bin", large), /uploaded large.bin/);
  const keys = visit.uploadKeys();
  check(keys.size >= 4, `the upload saw ${keys.size - 1} renewals, not three or more`);
  check(visit.exchangesAtOnce === 1, "two renewals were under way at the same time");
  await same(`${identityId}/large.bin`, large);

  // A session that the backend no longer knows leads back to the login, not to an error.
  await visit.page.context().clearCookies();
  await waitUntil(Date.now() + 10_000);
  await visit.page.click("#list");
  await visit.page.waitForSelector("#login:not([hidden])");
  await visit.close();
  child.kill();
}

/** A computer whose clock is 40 minutes ahead: the SDK learns the time from the refusal. */
async function wrongClock(browser: Browser, version: string): Promise<void> {
  const [url, child] = await backend(version, 900);
  const clockAheadMilliseconds = 40 * 60 * 1000;
  const visit = await Visit.open(browser, url, version, { clockAheadMilliseconds });
  await visit.after(
    () => visit.login({ user: "ana", password: "ana-likes-tea" }),
    /listed \d+ files/,
  );
  await visit.after(() => visit.upload("late.txt", Buffer.from("late")), /uploaded late.txt/);
  const refused = await visit.answered(403);
  check(refused > 0, "the clock was wrong and no signature was refused");
  visit.say(`wrong clock: corrected after ${refused} refusal(s)`);
  await visit.close();
  child.kill();
}

/** Waits until a token is dead, by the server's word and no longer. */
async function expired(identityId: string, token: string): Promise<void> {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  await waitUntil((JSON.parse(payload) as { exp: number }).exp * 1000);
  const Logins = { "cognito-identity.amazonaws.com": token };
  const error = await new CognitoIdentityClient({ region, endpoint })
    .send(new GetCredentialsForIdentityCommand({ IdentityId: identityId, Logins }))
    .then(
      () => undefined,
      (reason: Error) => `${reason.name}: ${reason.message}`,
    );
  check(error?.includes("Token expired") === true, `a dead token was answered with ${error}`);
}

function waitUntil(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now()) + 20));
}

/** The object in the bucket, byte for byte. */
async function same(Key: string, bytes: Buffer): Promise<void> {
  const Bucket = parseEnv(readFileSync(environment.ENV_FILE, "utf8"))["BUCKET"];
  const s3 = new S3Client({ region, endpoint, forcePathStyle: endpoint !== undefined });
  const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const stored = (await object.Body?.transformToByteArray()) ?? new Uint8Array();
  const digest = (data: Uint8Array) => createHash("sha256").update(data).digest("hex");
  check(digest(stored) === digest(bytes), `${Key} was changed on its way`);
}

/** The README shows what the tour prints, so it cannot grow old. */
async function compareTour(): Promise<void> {
  const table = (await finish("tour.ts")).trim();
  const [, shown = ""] = readFileSync("README.md", "utf8").split(/<!-- \/?tour -->/);
  check(table !== "" && shown.trim() === table, `README.md holds another table than the tour prints:\n${table}`);
}

/** "At most 150 lines a side": code, without blank lines and the comments that say why. */
function countLines(version: string): void {
  const sides = {
    backend: ["shared.ts", "backend/server.ts", "backend/users.ts", `backend/${version}.ts`],
    frontend: ["frontend/page.ts", "frontend/session.ts", `frontend/${version}.ts`],
  };
  for (const [side, files] of Object.entries(sides)) {
    const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n"));
    const code = lines.filter((line) => !/^\s*(\/\/.*|\/\*\*.*|\*.*)?$/.test(line)).length;
    console.log(`${version} ${side}: ${code} lines of code`);
    check(code <= 150, `the ${side} of SDK ${version} has ${code} lines, more than 150`);
  }
}

try {
  for (const version of ["v2", "v3"]) countLines(version);
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    for (const version of ["v2", "v3"]) {
      await finish("setup.ts");
      await firstDay(browser, version);
      await longDay(browser, version);
      await wrongClock(browser, version);
      if (version === "v3") await compareTour();
      await finish("setup.ts", "--remove");
    }
  } finally {
    await browser.close();
  }
  console.log("browser lane: all journeys hold, with SDK v2 and SDK v3");
} catch (error) {
  console.error(`browser lane failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
