// Verifies bundles with sigstore-js, one job (a JSON object) a line, and answers each with a line.
//
// What the library leaves to its caller is done here, and said so in docs/interop.md: that an
// attestation is of this artifact and of this type, and that the identity is the whole text.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const load = createRequire(process.argv[2] + '/');
const { bundleFromJSON } = load('@sigstore/bundle');
const { TrustedRoot } = load('@sigstore/protobuf-specs');
const { Verifier, toSignedEntity, toTrustMaterial } = load('@sigstore/verify');

const nothingTrusted = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [],
};

function verify(job) {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(job.bundle, 'utf8')));
  const artifact = readFileSync(job.artifact);
  const root = job.root ? JSON.parse(readFileSync(job.root, 'utf8')) : nothingTrusted;
  const key = () => {
    if (!job.key) throw new Error('a bundle by key, and no key was given');
    return { publicKey: createPublicKey(readFileSync(job.key)), validFor: () => true };
  };
  if (job.key && bundle.verificationMaterial.content.$case !== 'publicKey') {
    throw new Error('a bundle by certificate, and a key was given');
  }
  const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(root), key), job.thresholds);
  const escaped = job.identity?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const policy = job.key ? undefined : {
    subjectAlternativeName: new RegExp(`^${escaped}$`), extensions: { issuer: job.issuer },
  };
  const attested = bundle.content.$case === 'dsseEnvelope';
  if (attested !== (job.kind === 'attestation')) throw new Error('the other kind of bundle');
  verifier.verify(attested ? toSignedEntity(bundle) : toSignedEntity(bundle, artifact), policy);
  if (attested) bind(bundle.content.dsseEnvelope, artifact, job.predicateType);
}

function bind(envelope, artifact, predicateType) {
  const statement = JSON.parse(envelope.payload.toString());
  const digest = createHash('sha256').update(artifact).digest('hex');
  if (envelope.payloadType !== 'application/vnd.in-toto+json') throw new Error('payload type');
  if (statement.predicateType !== predicateType) throw new Error('predicate type');
  if (!statement.subject.some((each) => each.digest.sha256 === digest)) {
    throw new Error('no subject is the artifact');
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    verify(JSON.parse(line));
    console.log(JSON.stringify({ accepted: true, reason: '' }));
  } catch (error) {
    console.log(JSON.stringify({ accepted: false, reason: `${error.code ?? ''} ${error.message}` }));
  }
}
