// Fulcio, a time authority and two Rekors on a port of loopback, until standard input ends.
//
// usage: node mock_server.mjs FOLDER_WITH_NODE_MODULES OUT
//
// Writes trusted_root.json, signing_config.json and identity.token to OUT, then prints the address.
// Fulcio, Rekor 1 and the time authority are @sigstore/mock's. Its Rekor 2 logs another text than
// it was asked to, at an index outside its tree, so no client verifies it: that one is made here.
// Its time authority takes a request in JSON that no client sends: this reads RFC 3161's, and keeps
// the nonce whole and the time in whole seconds (its fractions lose a final zero, which is refused).
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const load = createRequire(process.argv[2] + '/');
const out = process.argv[3];
const mock = load('@sigstore/mock');
const fromMock = createRequire(load.resolve('@sigstore/mock'));
const pkijs = fromMock('pkijs');
const canonical = fromMock('canonicalize');

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const spki = ({ publicKey }) => publicKey.export({ format: 'der', type: 'spki' });
const b64 = (bytes) => Buffer.from(bytes).toString('base64');

const keys = { ca: newKey(), ct: newKey(), log: newKey(), oldLog: newKey(), time: newKey() };
const origin = 'localhost';
const leaves = [];

const split = (size) => 2 ** (Math.ceil(Math.log2(size)) - 1);
const node = (left, right) => sha256(Buffer.from([1]), left, right);
function rootOf(range) {
  if (range.length === 1) return range[0];
  const at = split(range.length);
  return node(rootOf(range.slice(0, at)), rootOf(range.slice(at)));
}
function pathTo(index, range) {
  if (range.length === 1) return [];
  const at = split(range.length);
  return index < at
    ? [...pathTo(index, range.slice(0, at)), rootOf(range.slice(at))]
    : [...pathTo(index - at, range.slice(at)), rootOf(range.slice(0, at))];
}

function logged(body) {
  const index = leaves.push(sha256(Buffer.from([0]), body)) - 1;
  const root = rootOf(leaves);
  const id = sha256(spki(keys.log));
  const text = `${origin}\n${leaves.length}\n${b64(root)}\n`;
  const signed = b64(Buffer.concat([id.subarray(0, 4), sign('sha256', text, keys.log.privateKey)]));
  return {
    logIndex: `${index}`, logId: { keyId: b64(id) },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    inclusionProof: {
      logIndex: `${index}`, rootHash: b64(root), treeSize: `${leaves.length}`,
      hashes: pathTo(index, leaves).map(b64),
      checkpoint: { envelope: `${text}\n— ${origin} ${signed}\n` },
    },
    canonicalizedBody: b64(body),
  };
}

function rekor2(request) {
  const { digest, signature } = JSON.parse(request).hashedRekordRequestV002;
  const { verifier, content } = signature;
  const { keyDetails, ...key } = verifier;
  return logged(Buffer.from(canonical({
    apiVersion: '0.0.2', kind: 'hashedrekord', spec: { hashedRekordV002: {
      data: { algorithm: 'SHA2_256', digest }, signature: { content, verifier: { keyDetails, ...key } },
    } } })));
}

async function timed(tsa, request) {
  const asked = pkijs.TimeStampReq.fromBER(request);
  const tstInfo = Object.getPrototypeOf(tsa).tstInfo;
  tsa.tstInfo = (made) => {
    const info = tstInfo.call(tsa, made);
    info.nonce = asked.nonce;
    info.genTime.setMilliseconds(0);
    return info;
  };
  return tsa.timestamp({
    artifactHash: asked.messageImprint.hashedMessage.valueBlock.valueHexView,
    hashAlgorithmOID: asked.messageImprint.hashAlgorithm.algorithmId,
    nonce: 0, policyOID: asked.reqPolicy ?? '1.3.6.1.4.1.57264.2', certReq: asked.certReq,
  });
}

const ct = await mock.initializeCTLog(keys.ct);
const ca = await mock.initializeCA(keys.ca, ct);
const tsa = await mock.initializeTSA(keys.time);
const fulcio = mock.fulcioHandler(ca);
const rekor1 = mock.rekorHandler(await mock.initializeTLog('http://localhost', keys.oldLog));

// Clients send the token in a header and a request for a certificate in base64, and Go's take
// nothing but 200 for an answer.
async function certified(request, authorization) {
  const asked = JSON.parse(request);
  asked.credentials ??= { oidcIdentityToken: authorization?.replace(/^Bearer /, '') };
  const csr = asked.certificateSigningRequest;
  if (csr && !csr.startsWith('-')) asked.certificateSigningRequest = Buffer.from(csr, 'base64').toString();
  const made = await fulcio.fn(JSON.stringify(asked));
  return { ...made, statusCode: made.statusCode === 201 ? 200 : made.statusCode };
}

async function answer(path, request, authorization) {
  if (path === fulcio.path) return certified(request, authorization);
  if (path === '/api/v2/log/entries') {
    return { statusCode: 201, contentType: 'application/json', response: JSON.stringify(rekor2(request)) };
  }
  if (path === '/api/v1/timestamp') {
    return { statusCode: 201, contentType: 'application/timestamp-reply', response: await timed(tsa, request) };
  }
  if (path === rekor1.path) return rekor1.fn(request.toString());
  return { statusCode: 404, response: 'nothing here' };
}

const server = createServer(async (request, reply) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    const { statusCode, response, contentType } = await answer(
      request.url, Buffer.concat(parts), request.headers.authorization);
    reply.writeHead(statusCode, { 'Content-Type': contentType ?? 'text/plain' }).end(response);
  } catch (error) {
    reply.writeHead(400, { 'Content-Type': 'text/plain' }).end(error.message);
  }
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const address = `http://localhost:${server.address().port}`;

const begin = new Date(Date.now() - 3600e3).toISOString();
const validFor = { start: begin };
const logOf = (baseUrl, key) => ({
  baseUrl, hashAlgorithm: 'SHA2_256', logId: { keyId: b64(sha256(spki(key))) },
  publicKey: { rawBytes: b64(spki(key)), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
});
const authority = (...certificates) => ({
  subject: { organization: 'sigstore.mock', commonName: 'mock' }, uri: address, validFor,
  certChain: { certificates: certificates.map((each) => ({ rawBytes: b64(each) })) },
});
writeFileSync(`${out}/trusted_root.json`, JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [logOf(address, keys.log), logOf('http://localhost', keys.oldLog)],
  certificateAuthorities: [authority(ca.rootCertificate)],
  ctlogs: [logOf('http://ct.localhost', keys.ct)],
  timestampAuthorities: [authority(tsa.intCertificate, tsa.rootCertificate)],
}));
const service = (url, majorApiVersion) => [{ url, majorApiVersion, validFor, operator: 'mock' }];
writeFileSync(`${out}/signing_config.json`, JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
  caUrls: service(address, 1), rekorTlogUrls: service(address, 2), rekorTlogConfig: { selector: 'ANY' },
  tsaUrls: service(`${address}/api/v1/timestamp`, 1), tsaConfig: { selector: 'ANY' },
}));
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const claims = { iss: 'https://issuer.interop.test', sub: 'https://interop.test/builder', aud: 'sigstore', iat: now, nbf: now - 60, exp: now + 3600 };
writeFileSync(`${out}/identity.token`, `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}.${part('unsigned')}`);
console.log(address);
process.stdin.on('end', () => process.exit(0)).resume();
