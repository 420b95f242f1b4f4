// Names that want to be more than names stay names: on every screen and in every export.

import { readFileSync } from "node:fs";
import { assert, endpoint, fresh, person, signIn, step } from "./shared.mjs";
import { cognito, iam, identityOf, newPool } from "./cloud.mjs";

const NAMES = [
  `<script>window.hostile = 1</script>`,
  `<img src=x onerror="window.hostile = 1" data-hostile>`,
  `"><b data-hostile onmouseover=window.hostile=1>'`,
  `{{7*7}} \${7*7} <% 7*7 %>`,
  `\u202egnp.exe\u202c \u200frtl`,
  "\u{1f469}\u200d\u{1f680}".repeat(128),
  `=cmd()`,
  `+1+1`,
  `@SUM(A1)`,
  `-2+3`,
  `javascript:window.hostile=1`,
];

export async function hostile() {
  const pool = await newPool({
    IdentityPoolName: fresh("=1+1@A1,"),
    IdentityPoolTags: { "=1+1": "=1+1@A1" },
  });
  // Names of pools and tags may have few characters; those were the worst of them.
  const id = pool.IdentityPoolId;
  const identities = [];
  for (const name of NAMES) identities.push(await identityOf(id, name));
  const RoleName = fresh("role");
  const role = { RoleName, Description: NAMES[1], AssumeRolePolicyDocument: trust(NAMES[1]) };
  await iam.createRole(role).promise();

  const { page, leave } = await person();
  await signIn(page);
  const at = encodeURIComponent(id);
  const paths = [
    "/console",
    "/console/pools",
    `/console/pools/${at}`,
    `/console/pools/${at}/edit`,
    `/console/identities?pool=${at}`,
    ...identities.map((one) => `/console/identities/${encodeURIComponent(one)}?pool=${at}`),
    ...NAMES.map((name) => `/console/identities?pool=${at}&q=${encodeURIComponent(name)}`),
    ...NAMES.map((name) => `/console/search?q=${encodeURIComponent(name)}`),
    ...NAMES.map((name) => `/console/${encodeURIComponent(name)}`),
    "/console/roles",
    `/console/roles/${RoleName}`,
  ];
  for (const path of paths) {
    await page.goto(`${endpoint}${path}`);
    await inert(page, path);
  }
  step(`${NAMES.length} hostile names are inert on ${paths.length} screens`);
  await forms(page, at);
  await exports(page, at);
  await leave();
}

const trust = (name) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "a", Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:PrincipalTag/x": name } } },
    ],
  });

/** Nothing ran, nothing became an element, nothing turns the text around it. */
async function inert(page, where) {
  const found = await page.evaluate(() => {
    const loose = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (!/[\u202a-\u202e\u200f]/.test(node.data)) continue;
      let element = node.parentElement;
      let held = false;
      while (element && !held) {
        const style = getComputedStyle(element);
        held = /isolate|plaintext/.test(style.unicodeBidi) || element.matches("textarea, option");
        // A block of its own holds its text by itself.
        held ||= style.display !== "inline" && element.textContent.trim() === node.data.trim();
        element = element.parentElement;
      }
      if (!held) loose.push(node.data);
    }
    return {
      ran: "hostile" in window,
      elements: document.querySelectorAll("[data-hostile]").length,
      loose,
    };
  });
  assert.deepEqual(found, { ran: false, elements: 0, loose: [] }, where);
}

/** Forms that are shown again hold what was typed, as text. */
async function forms(page, at) {
  for (const name of NAMES.slice(0, 3)) {
    await page.goto(`${endpoint}/console/pools/new`);
    await page.getByLabel("Identity pool name").fill(name);
    await page.getByRole("button", { name: "Create pool" }).click();
    await page.getByRole("alert").first().waitFor();
    assert.equal(await page.getByLabel("Identity pool name").inputValue(), name.slice(0, 128));
    await inert(page, `a pool called ${name}`);
    await page.goto(`${endpoint}/console/pools/${at}/test`);
    await page.getByLabel("User id", { exact: true }).fill(name);
    await page.getByRole("button", { name: /^Run/ }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await inert(page, `a test exchange for ${name}`);
  }
  step("forms that are shown again hold hostile text as text");
}

/** A spreadsheet that opens an export computes nothing. */
async function exports(page, at) {
  await page.goto(`${endpoint}/console/identities?pool=${at}`);
  for (const kind of ["CSV", "JSON"]) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: new RegExp(kind) }).click();
    const text = readFileSync(await (await waiting).path(), "utf8");
    assert.ok(text.includes("cmd()"), `${kind} has the users`);
    if (kind === "CSV") {
      for (const cell of text.split(/\r?\n/).flatMap((line) => line.split(","))) {
        assert.ok(!/^"?[=+\-@]/.test(cell), `a cell that would compute: ${cell}`);
      }
    } else {
      JSON.parse(text);
    }
  }
  step("exports compute nothing");
}
