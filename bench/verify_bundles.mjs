// bundle_bench's questions, answered by @sigstore/verify: the same files, the same words.
//
// usage: node verify_bundles.mjs PACKAGES FOLDER
//
// The trusted root and the key are read once. What the library leaves to its caller is done each
// time, as in bundle_bench: that the statement is of its type and about the artifact.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [packages, folder] = process.argv.slice(2);
const load = createRequire(packages + '/');
const { bundleFromJSON } = load('@sigstore/bundle');
const { TrustedRoot } = load('@sigstore/protobuf-specs');
const { Verifier, toSignedEntity, toTrustMaterial } = load('@sigstore/verify');

const read = (name) => readFileSync(`${folder}/${name}`);
const artifact = read('artifact');
const root = TrustedRoot.fromJSON(JSON.parse(read('root.json')));
const publicKey = createPublicKey({ key: read('key.der'), format: 'der', type: 'spki' });
const material = toTrustMaterial(root, () => ({ publicKey, validFor: () => true }));
// Nothing vouches for the time of the bundle by key; the other is judged by the library's own
// thresholds.
const verifiers = { key: new Verifier(material, { timestampThreshold: 0 }),
                    certificate: new Verifier(material) };
const policy = { subjectAlternativeName: /^jane@example\.org$/,
                 extensions: { issuer: 'https://accounts.example.org' } };

function verify(text, by) {
  const bundle = bundleFromJSON(JSON.parse(text));
  verifiers[by].verify(toSignedEntity(bundle), by === 'key' ? undefined : policy);
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  const statement = JSON.parse(payload.toString());
  const digest = createHash('sha256').update(artifact).digest('hex');
  if (payloadType !== 'application/vnd.in-toto+json') throw new Error('payload type');
  if (statement.predicateType !== 'https://example.org/predicate/v1') throw new Error('type');
  if (!statement.subject.some((each) => each.digest.sha256 === digest)) throw new Error('artifact');
}

function answer(name, count) {
  const text = read(`${name}.json`).toString();
  const by = name.replace('-bad', '');
  if (name !== by) {
    try {
      verify(text, by);
      return 'verified';
    } catch {
      return 'refused';
    }
  }
  const began = process.hrtime.bigint();
  for (let i = 0; i < count; ++i) verify(text, by);
  return Number(process.hrtime.bigint() - began) / 1e9;
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [name, count] = line.split(' ');
  console.log(answer(name, Number(count)));
}
