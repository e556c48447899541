#include "schemas/subjects.h"

#include "core/hex.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

using test::Document;
using test::Expand;
using test::Read;
using test::Replace;

std::string List(const std::vector<Subject>& subjects) {
  std::string list;
  for (const Subject& subject : subjects) {
    list += subject.name + " " + HexEncode(subject.digest.span()) + "\n";
  }
  return list;
}

struct Case {
  Kind kind;
  const char* subjects;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << KindName(c.kind); }

// The ids are what coreutils prints:
// printf 'carnet-run-id-v1\n0123456789abcdef0123456789abcdef' | sha256sum
// printf 'carnet-allocation-id-v1\n0123456789abcdef0123456789abcdef' | sha256sum
// printf 'carnet-device-id-v1\n<the id in documents.cc>' | sha256sum
const std::vector<Case> kCases = {
    {Kind::kDataset,
     "data 4fe667b252074ab6775f6febbf360ce307518858b21cc7e77e82af4d1ebcd107\nfiles/a.txt "
     "#7\nfiles/b/c.txt #8\n"},
    {Kind::kDevice, "id 4a5ca6d99ac41c42f17e887e303a226732201c037be41b96c6b286ea35d9181c\n"},
    {Kind::kAllocation, "id a5d86de41f19148108db98841645f14bcb97855deda81ed0b8f797c63e5181ee\n"},
    {Kind::kRun, "id b10cbb9c44e6d8541b0958053f47e7a3349278e1f49bb00d970d00626b8327fd\n"},
    {Kind::kSegment, "model #9\ntensors/model.safetensors #a\n"},
    {Kind::kCompletion, "model #7\ntensors/model.safetensors #8\n"},
    {Kind::kPassport,
     "model 5e1b17a7191c5a033d39c252ad440579f2a15057b4c93f64aeef28863f43b9c1\n"
     "tensors/weights/model.safetensors #c\noms #d\nfiles/config.json #a\n"
     "files/weights/model.safetensors #b\n"},
};

BOOST_DATA_TEST_CASE(subjects_of_each_kind, kCases) {
  REQUIRE_VALUE(const Predicate predicate, Read(sample.kind, Document(sample.kind)));
  BOOST_CHECK_EQUAL(List(SubjectsOf(predicate)), Expand(sample.subjects));
}

BOOST_AUTO_TEST_CASE(an_aborted_completion_has_the_runs_id) {
  const std::string text = Document(Kind::kCompletion);
  const std::string aborted =
      Replace(Replace(text.substr(0, text.find(R"(,"model")")) + "}", R"("outcome":"completed")",
                      R"("outcome":"aborted","reason":"power")"),
              R"("total":"undisclosed"}})", R"("total":"undisclosed"},"run_id":"#9"})");
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kCompletion, aborted));
  BOOST_CHECK_EQUAL(List(SubjectsOf(predicate)), Expand("id #9\n"));
}

std::string DatasetWithFiles(int files) {
  std::string list;
  for (int i = 0; i < files; ++i) {
    list += (i > 0 ? "," : "") + ("{\"path\":\"" + std::to_string(10000 + i)) +
            R"(","sha256":"#7","bytes":1})";
  }
  const std::string by_manifest =
      Replace(Document(Kind::kDataset), R"("data_basis":"files")", R"("data_basis":"manifest")");
  const size_t at = by_manifest.find(R"({"path":"a.txt")");
  return by_manifest.substr(0, at) + Expand(list) + "]}";
}

BOOST_AUTO_TEST_CASE(files_are_subjects_all_or_none) {
  REQUIRE_VALUE(const Predicate full, Read(Kind::kDataset, DatasetWithFiles(1023)));
  BOOST_CHECK_EQUAL(SubjectsOf(full).size(), 1024);
  REQUIRE_VALUE(const Predicate over, Read(Kind::kDataset, DatasetWithFiles(1024)));
  BOOST_CHECK_EQUAL(SubjectsOf(over).size(), 1);
}

BOOST_AUTO_TEST_CASE(a_verdict_is_about_a_model) {
  const auto model = *HexDecodeTo<ModelDigest>(Expand("#e"));
  BOOST_CHECK_EQUAL(List(VerdictSubject(model)), Expand("model #e\n"));
}

}  // namespace
}  // namespace carnet::schemas
