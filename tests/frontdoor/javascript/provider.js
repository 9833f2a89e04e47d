// SPDX-License-Identifier: EUPL-1.2
// An OpenID provider for machines: provider.js PORT KID CLIENT... It makes a key of its own, named KID. The secret
// of a client is its name twice. Access tokens are JWTs for the audience they are asked for.
import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const [port, kid, ...clients] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
const provider = new Provider(issuer, {
  jwks: { keys: [key] },
  clients: clients.map((name) => ({
    client_id: name,
    client_secret: `${name}${name}`,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: "client_secret_post",
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "urn:rekenschap:frontdoor",
      getResourceServerInfo: (_, resource) => ({
        audience: resource,
        scope: "",
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
