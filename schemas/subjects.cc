#include "schemas/subjects.h"

#include "crypto/sha256.h"
#include "schemas/limits.h"
#include "schemas/readers.h"

namespace carnet::schemas {
namespace {

Subject Named(std::string name, wire::Digest::Reader digest) {
  return {std::move(name), DigestOf<SubjectDigest>(digest)};
}

void AddTensorRoots(capnp::List<wire::WeightSetRoot>::Reader roots, std::vector<Subject>& to) {
  for (const auto root : roots) {
    to.push_back(Named("tensors/" + std::string(TextOf(root.getSet())), root.getRoot()));
  }
}

// All files or none, so that a missing one means something.
void AddFiles(capnp::List<wire::FileEntry>::Reader files, std::vector<Subject>& to) {
  if (to.size() + files.size() > kMaxSubjects) return;
  for (const auto file : files) {
    to.push_back(Named("files/" + std::string(TextOf(file.getPath())), file.getSha256()));
  }
}

std::vector<Subject> Of(wire::Dataset::Reader dataset) {
  std::vector<Subject> subjects = {Named("data", dataset.getData())};
  AddFiles(dataset.getFiles(), subjects);
  return subjects;
}

std::vector<Subject> Of(wire::Device::Reader device) {
  return {{"id", IdOfDevice(TextOf(device.getId()))}};
}

std::vector<Subject> OfNonce(Kind kind, bool has_head, wire::Head::Reader head) {
  CARNET_CHECK(has_head);
  return {{"id", IdFromNonce(kind, TextOf(head.getNonce().getText()))}};
}

std::vector<Subject> Of(wire::Allocation::Reader allocation) {
  return OfNonce(Kind::kAllocation, allocation.hasHead(), allocation.getHead());
}

std::vector<Subject> Of(wire::Run::Reader run) {
  return OfNonce(Kind::kRun, run.hasHead(), run.getHead());
}

std::vector<Subject> Of(wire::Segment::Reader segment) {
  std::vector<Subject> subjects = {Named("model", segment.getModel())};
  AddTensorRoots(segment.getTensorRoots(), subjects);
  return subjects;
}

std::vector<Subject> Of(wire::Completion::Reader completion) {
  if (completion.getOutcome() == wire::Outcome::ABORTED) {
    return {Named("id", completion.getRunId())};
  }
  std::vector<Subject> subjects = {Named("model", completion.getModel())};
  AddTensorRoots(completion.getTensorRoots(), subjects);
  return subjects;
}

std::vector<Subject> Of(wire::Passport::Reader passport) {
  std::vector<Subject> subjects = {Named("model", passport.getModel())};
  AddTensorRoots(passport.getTensorRoots(), subjects);
  if (passport.hasOmsRoot()) subjects.push_back(Named("oms", passport.getOmsRoot()));
  AddFiles(passport.getFiles(), subjects);
  return subjects;
}

// A verdict's subject is not in its predicate: VerdictSubject.
std::vector<Subject> Of(wire::Verdict::Reader) { CARNET_CHECK(false); }

}  // namespace

std::vector<Subject> SubjectsOf(const Predicate& predicate) {
  return VisitFields(predicate, [](auto fields) { return Of(fields); });
}

std::vector<Subject> VerdictSubject(const ModelDigest& model) {
  return {{"model", Retag<SubjectDigest>(model)}};
}

SubjectDigest IdOfDevice(std::string_view canonical_id) {
  return Retag<SubjectDigest>(
      crypto::Sha256().Update("carnet-device-id-v1\n").Update(canonical_id).Finish());
}

SubjectDigest IdFromNonce(Kind kind, std::string_view nonce) {
  crypto::Sha256 id;
  id.Update("carnet-").Update(KindName(kind)).Update("-id-v1\n").Update(nonce);
  return Retag<SubjectDigest>(id.Finish());
}

}  // namespace carnet::schemas
