// SPDX-License-Identifier: EUPL-1.2
// An OpenID provider of another maker: foreign.js PORT REDIRECT. Its log-in page takes any name; the name decides.
import { Provider } from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const people = {
  bram: { name: "Bram Koster", email: "bram@veldhaven.example", groups: ["GRP-fg"], department: "staf", nr: "mw-0039" },
  ruud: { name: "Ruud Hoekstra", email: "ruud@veldhaven.example", groups: [], department: "burgerzaken", nr: "mw-0031" },
};
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: "desk",
    client_secret: "a secret of the tests, long enough",
    redirect_uris: [redirect],
    grant_types: ["authorization_code"],
    response_types: ["code"],
    token_endpoint_auth_method: "client_secret_basic",
  }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email"], profile: ["name", "groups", "department", "nr"] },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  cookies: { keys: ["a key of the tests"] },
});
provider.listen(Number(port), "localhost", () => console.log("ready"));
