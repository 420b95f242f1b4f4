// `npm start -- v2` or `npm start -- v3`: one command that brings the example up.
import { existsSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { server, type Assets } from "./backend/server.js";
import { envFile, loadEnvFile, required } from "./env.js";

const version = process.argv[2] ?? "v2";
if (version !== "v2" && version !== "v3") throw new Error("say `npm start -- v2` or `... v3`");

// The very first start makes pool, role, bucket and a key; that needs an administrator's keys.
if (!existsSync(envFile)) await (await import("./setup.js")).setup();
loadEnvFile();

const { minter } =
  version === "v2" ? await import("./backend/v2.js") : await import("./backend/v3.js");
const config = {
  region: required("AWS_REGION"),
  identityPoolId: required("IDENTITY_POOL_ID"),
  bucket: required("BUCKET"),
  endpoint: process.env["AWS_ENDPOINT_URL"] || undefined,
};
const tokenSeconds = Number(process.env["TOKEN_SECONDS"] ?? 900);
const provider = required("DEVELOPER_PROVIDER_NAME");
const mint = minter(config.identityPoolId, provider, tokenSeconds, config.endpoint);

const script = "text/javascript; charset=utf-8";
const bundle = await build({
  entryPoints: [`frontend/${version}.ts`],
  bundle: true,
  write: false,
  minify: true,
  format: "esm",
  target: "es2022",
  // The SDK's package of credential providers also holds some for Node alone. The bundler drops
  // them, being unused, but wants to find what they import before it does.
  external: ["node:*"],
});
const sdk = version === "v2" ? '<script src="/aws-sdk.js"></script>' : "";
const page = readFileSync("frontend/index.html", "utf8").replace("<!-- sdk -->", sdk);
const assets: Assets = new Map([
  ["/", { type: "text/html; charset=utf-8", body: page }],
  ["/style.css", { type: "text/css; charset=utf-8", body: readFileSync("frontend/style.css") }],
  ["/app.js", { type: script, body: bundle.outputFiles[0]?.contents ?? "" }],
]);
// SDK v2 comes as one ready file for browsers; SDK v3 is bundled with the page's own code.
if (version === "v2") {
  const file = readFileSync("node_modules/aws-sdk/dist/aws-sdk.min.js");
  assets.set("/aws-sdk.js", { type: script, body: file });
}

const listener = server(config, assets, mint, tokenSeconds);
listener.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const { port } = listener.address() as AddressInfo;
  console.log(`SDK ${version}: open http://127.0.0.1:${port} and log in as ana or ben`);
});
