// The founding journey by a person in a browser, from an empty server to a page of another origin
// that uses what was copied: with a mouse, with the keyboard alone, without scripts.
//
// Source: users page, section 3; README, the journey.

import { assert, endpoint, fresh, person, root, step } from "./shared.mjs";
import { runApp } from "./app.mjs";
import { Keyboard, Mouse, Plain } from "./hands.mjs";

const PROVIDER = "login.example.app";

export async function journeys() {
  for (const Hand of [Mouse, Keyboard, Plain]) {
    const { options } = new Hand();
    const visitor = await person(options);
    const hand = new Hand(visitor.page);
    await journey(visitor.page, hand);
    await visitor.leave();
    step(`the founding journey: ${hand.name}`);
  }
}

async function journey(page, hand) {
  const button = (name) => page.getByRole("button", { name });
  const link = (name) => page.getByRole("link", { name });
  const field = (name) => page.getByLabel(name, { exact: true });
  const bucket = fresh("uploads");
  const poolName = fresh("My App");

  // A link in a mail leads to the pools; whoever is not signed in gets there through the form.
  await page.goto(`${endpoint}/console/pools`);
  await hand.write(field("Access key id"), root.accessKeyId);
  await hand.write(field("Secret access key"), root.secretAccessKey);
  await hand.press(page.getByRole("button", { name: "Sign in", exact: true }));
  await page.waitForURL(`${endpoint}/console/pools`);

  await hand.press(link(/^Create .*identity pool$/).first());
  await hand.write(field("Identity pool name"), poolName);
  await hand.write(field("Developer provider name"), PROVIDER);
  await hand.tick(page.getByRole("checkbox", { name: /^I understand/ }));
  await page.getByText(`Logins: { "${PROVIDER}": userId }`).waitFor();
  await page.getByText('Logins: { "cognito-identity.amazonaws.com": token }').waitFor();
  await hand.press(button("Create pool"));

  await page.waitForURL(/\/roles$/);
  await hand.tick(page.getByRole("radio", { name: /own (prefix|folder|files)/i }).first());
  await hand.write(field("Bucket for signed-in users"), bucket);
  await hand.press(button("Create roles"));
  await page.waitForURL(/\/console\/pools\/us-east-1[^/]*$/);
  const pool = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1));

  await hand.press(link("Create backend key").first());
  await hand.press(button("Create backend key"));
  const keys = await readKeys(page);
  await hand.press(link("Back to the pool"));

  await hand.press(page.getByRole("navigation", { name: /pool/i }).getByRole("link", { name: "Test exchange" }));
  await hand.write(field("User id"), "user-17");
  await hand.press(button(/^Run/));
  await page.getByText("Every step ended as it should").waitFor();

  await hand.press(page.getByRole("navigation", { name: /pool/i }).getByRole("link", { name: "Snippets" }));
  await hand.press(link("TypeScript, SDK v2"));
  await page.waitForURL(/lang=typescript-v2/);
  const backend = await take(page, hand, "Backend", "backend.mts");
  const client = await take(page, hand, "Client", "client.mts");
  assert.ok(backend.includes(pool) && backend.includes(PROVIDER), "the backend is filled in");
  assert.ok(client.includes(pool) && client.includes(bucket), "the client is filled in");

  const lines = await runApp({ backend, client, keys });
  assert.match(lines[0], /^allowed: us-east-1:[0-9a-f-]{36}\/hello\.txt holds hello$/);
  assert.match(lines[1], /^refused: .* with AccessDenied$/);
  const identity = /us-east-1:[0-9a-f-]{36}/.exec(lines[0])[0];

  await hand.press(page.getByRole("navigation", { name: /pool/i }).getByRole("link", { name: "Identities" }));
  await hand.write(field("Identity id or user id"), "user-17");
  await hand.press(button("Show identities"));
  await page.getByText(identity).first().waitFor();

  await hand.press(page.locator("summary").filter({ hasText: "account menu" }));
  await hand.press(page.getByRole("button", { name: "Sign out", exact: true }));
  await field("Access key id").waitFor();
}

async function take(page, hand, side, file) {
  await hand.press(page.getByRole("link", { name: side, exact: true }));
  await page.waitForURL((url) => url.searchParams.get("side") === side.toLowerCase());
  const figure = page.getByRole("figure").filter({ hasText: file });
  return hand.takeCode(figure);
}

/** The new key as the page shows it, once. */
async function readKeys(page) {
  const accessKeyId = await page.locator("main dl code").filter({ hasText: /^AKIA/ }).innerText();
  const secretAccessKey = await page.locator(".once code").innerText();
  return { accessKeyId, secretAccessKey };
}
