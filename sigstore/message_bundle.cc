#include "sigstore/message_bundle.h"

#include "json/writer.h"
#include "sigstore/bundle_fields.h"

namespace carnet::sigstore {

std::string WriteMessageBundle(const MessageBundle& bundle) {
  json::Writer writer;
  writer.BeginObject().Member("mediaType", kBundleMediaType);
  WriteVerificationMaterial(writer, bundle.material, bundle.entries, bundle.timestamps);
  writer.Key("messageSignature").BeginObject();
  writer.Key("messageDigest").BeginObject().Member("algorithm", "SHA2_256");
  BytesField(writer, "digest", bundle.digest.span());
  writer.EndObject();
  BytesField(writer, "signature", bundle.signature);
  return writer.EndObject().EndObject().Take();
}

}  // namespace carnet::sigstore
