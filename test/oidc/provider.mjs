// A provider of OpenID Connect for test/e2e/oidc_test.py: oidc-provider with its own pages to sign in by
// (whoever types a name is that person), and what a test wants to go wrong.
//   node provider.mjs PORT REDIRECT_URI
//   POST /test/rotate          another key from now on
//   POST /test/bend?how=…      the next ID token is bent, then signed again by the provider's own key
import { createServer } from "node:http";
import { createHmac } from "node:crypto";
import Provider from "oidc-provider";
import * as jose from "jose";

const [port, back] = [Number(process.argv[2]), process.argv[3]];
const issuer = `http://127.0.0.1:${port}`;
let bend = "", key, provider;

const now = () => Math.floor(Date.now() / 1000);
const changes = {
  aud: () => ({ aud: "another" }),
  azp: (c) => ({ aud: [c.aud, "another"], azp: "another" }),
  nonce: () => ({ nonce: "another" }),
  exp: () => ({ exp: now() - 3600 }),
  iat: () => ({ iat: now() - 7200 }),
  iss: () => ({ iss: "https://another.example" }),
  sub: () => ({ sub: "" }),
  mfa: () => ({ amr: ["pwd", "mfa"] }),
};
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function bent(token, how) {
  const claims = jose.decodeJwt(token), head = jose.decodeProtectedHeader(token), body = token.split(".")[1];
  if (how === "none") return `${part({ alg: "none" })}.${body}.`;
  if (how === "hmac") {
    const open = `${part({ alg: "HS256", kid: head.kid })}.${body}`;
    const secret = await jose.exportSPKI(await jose.importJWK({ ...key, d: undefined, p: undefined, q: undefined, dp: undefined, dq: undefined, qi: undefined }, "RS256"));
    return `${open}.${createHmac("sha256", secret).update(open).digest("base64url")}`;
  }
  if (how === "body") return token.replace(`.${body}.`, `.${part({ ...claims, sub: "admin" })}.`);
  return new jose.SignJWT({ ...claims, ...changes[how](claims) }).setProtectedHeader(head).sign(await jose.importJWK(key, head.alg));
}

async function make() {
  const alg = key === undefined ? "RS256" : "ES256";
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  key = { ...(await jose.exportJWK(pair.privateKey)), alg, use: "sig", kid: `key-${alg}` };
  provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [{ client_id: "fapiao", client_secret: "s3cret+/ %&", redirect_uris: [back], response_types: ["code"],
                grant_types: ["authorization_code"], id_token_signed_response_alg: alg }],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["of a test"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: !id.startsWith("un"), name: id }) }),
  });
  provider.use(async (ctx, next) => {
    await next();
    if (bend === "" || ctx.path !== "/token" || !ctx.body?.id_token) return;
    ctx.body = { ...ctx.body, id_token: await bent(ctx.body.id_token, bend) };
    bend = "";
  });
}

await make();
createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  if (!url.pathname.startsWith("/test/")) return provider.callback()(request, response);
  if (url.pathname === "/test/rotate") await make();
  if (url.pathname === "/test/bend") bend = url.searchParams.get("how");
  response.end("ok");
}).listen(port, "127.0.0.1", () => console.log("ready"));
