#include <carnet/digest.h>

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "python/bindings/bind.h"
#include "python/bindings/errors.h"
#include "python/bindings/paths.h"
#include "python/bindings/reading.h"
#include "python/bindings/value_class.h"

namespace carnet::python {
namespace {

Model Digest(const Path& path, bool follow_links, bool tensors, unsigned threads, bool cover_all,
             std::vector<std::string> not_covered, const Progress& progress) {
  ModelOptions options;
  options.follow_links = follow_links;
  options.tensors = tensors;
  options.threads = threads;
  options.cover_all = cover_all;
  options.not_covered = std::move(not_covered);
  std::optional<Result<Model>> model;
  ReadWatched(std::move(options), progress,
              [&](const ModelOptions& watched) { model = Model::Read(path.string(), watched); });
  return ValueOf(std::move(*model));
}

nb::str ReprOf(const Model& model) {
  return nb::str("Model(sha256:{}, {} files, {} bytes)")
      .format(Given(model.digest()), model.files().size(), model.total_bytes());
}

void BindModelParts(nb::module_& module) {
  ValueClass<ModelFile>(module, "ModelFile", "A file that a model's digest covers.")
      .Field("path", &ModelFile::path, "Relative to the model's folder, with '/'.")
      .Field("sha256", &ModelFile::sha256, "SHA-256 of its bytes, lowercase hex.")
      .Field("bytes", &ModelFile::bytes, "Its size in bytes.")
      .Done();
  ValueClass<WeightSet>(module, "WeightSet",
                        "The tensors of one safetensors index, safetensors file, PyTorch file, or "
                        "GGUF file or series.")
      .Field("name", &WeightSet::name, "Path of the index, file or first shard.")
      .Field("root", &WeightSet::root,
             "RFC 6962 root over one leaf per tensor, lowercase hex: the same however the tensors "
             "are spread over files.")
      .Field("tensors", &WeightSet::tensors, "How many tensors.")
      .Field("elements", &WeightSet::elements,
             "Elements of all tensors: the parameter count, "
             "unless packed.")
      .Field("packed", &WeightSet::packed, "Whether several elements of a tensor share bytes.")
      .Done();
}

constexpr const char* kDigestDoc = R"(A model's files as digests: a folder or a single file.

Each byte is read once, on all cores; pickles are read as data and never run. `sha256sum` over the
paths, sorted by `LC_ALL=C sort`, piped into `sha256sum`, gives the same digest (docs/formats.md, S5).

Args:
    path: the model's folder, or its one file.
    follow_links: follow links to files inside, and to the blobs of a Hugging Face snapshot.
    tensors: compute tensor roots too.
    threads: 0 for as many as the machine has.
    cover_all: cover README.md, .gitattributes and the like too, which hubs add by themselves and
        which are left out otherwise.
    not_covered: patterns of files to leave out besides; only those that S5 lists.
    progress: called as bytes are read, with bytes done and bytes in all, from other threads but
        never from two at once. If it raises, reading ends and `digest` raises that.

Raises:
    NotFound, IoError: there is no such path, or it cannot be read.
    Rejected: a link, or what is neither file nor folder; more files than a model may have.
    Conflict: a file changed while it was read.
    Malformed: a pattern.)";

}  // namespace

void BindDigest(nb::module_& module) {
  BindModelParts(module);
  nb::class_<Model>(module, "Model", nb::is_final(),
                    "A model's files as digests: what `carnet.digest` returns. Never changes.")
      .def_prop_ro(
          "digest", [](const Model& model) { return Given(model.digest()); },
          "The model digest, SHA-256 in lowercase hex.")
      .def_prop_ro(
          "files", [](const Model& model) { return Given(model.files()); },
          "The files that the digest covers, sorted by path; never empty.")
      .def_prop_ro(
          "weight_sets", [](const Model& model) { return Given(model.weight_sets()); },
          "What has tensor roots, sorted by name.")
      .def_prop_ro(
          "not_covered", [](const Model& model) { return Given(model.not_covered()); },
          "Paths that the digest leaves out; folders end in '/'.")
      .def_prop_ro(
          "warnings", [](const Model& model) { return Given(model.warnings()); },
          "What a reader should know, such as why a weight file has no tensor root.")
      .def_prop_ro("total_bytes", &Model::total_bytes, "Bytes of the files that it covers.")
      .def("__repr__", &ReprOf)
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
  module.def("digest", &Digest, nb::arg("path"), nb::kw_only(), nb::arg("follow_links") = false,
             nb::arg("tensors") = true, nb::arg("threads") = 0, nb::arg("cover_all") = false,
             nb::arg("not_covered") = nb::tuple(), nb::arg("progress") = nb::none(), kDigestDoc);
}

}  // namespace carnet::python
