#include <carnet/streaming.h>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "python/bindings/bind.h"
#include "python/bindings/paths.h"
#include "python/bindings/value_class.h"
#include "python/bindings/without_gil.h"

namespace carnet::python {
namespace {

// Bytes that nobody changes while they are read twice: a copy of what is not immutable.
nb::bytes Unchanging(nb::handle buffer) {
  if (PyBytes_Check(buffer.ptr())) return nb::borrow<nb::bytes>(buffer);
  PyObject* copy = PyMemoryView_Check(buffer.ptr()) || PyByteArray_Check(buffer.ptr())
                       ? PyBytes_FromObject(buffer.ptr())
                       : nullptr;
  if (copy == nullptr && PyErr_Occurred() != nullptr) throw nb::python_error();
  if (copy == nullptr) throw nb::type_error("expected bytes, bytearray or memoryview");
  return nb::steal<nb::bytes>(copy);
}

// A file is for one thread at a time: calls wait for each other.
class SharedFile {
 public:
  explicit SharedFile(StreamedFile file) : file_(std::move(file)) {}

  bool Write(nb::handle buffer) {
    const nb::bytes bytes = Unchanging(buffer);
    const std::string_view view(bytes.c_str(), bytes.size());
    return Take([&] { return file_.Write(view); });
  }
  bool Close() {
    return Take([&] { return file_.Close(); });
  }

 private:
  template <typename Work>
  bool Take(const Work& work) {
    return WithoutGil([&] {
             const std::lock_guard lock(mutex_);
             return work();
           }) == Intake::kTaken;
  }

  std::mutex mutex_;
  StreamedFile file_;
};

StreamingGate OpenStream(const Gate& gate, const nb::bytes& passport, bool refuse_early,
                         const std::optional<Path>& spool_folder, uint64_t max_spooled_bytes,
                         uint64_t max_kept_bytes, const std::optional<DateTime>& now) {
  const Time time = TimeOf(now, "now");
  const std::string_view bytes(passport.c_str(), passport.size());
  const StreamingOptions options{refuse_early, PathOrEmpty(spool_folder), max_spooled_bytes,
                                 max_kept_bytes};
  return WithoutGil([&] { return StreamingGate::Open(gate, bytes, time, options); });
}

std::unique_ptr<SharedFile> Add(StreamingGate& gate, const std::string& path,
                                std::optional<uint64_t> size) {
  return std::make_unique<SharedFile>(WithoutGil([&] { return gate.Add(path, size); }));
}

constexpr const char* kStreamingDoc =
    R"(Judges a model while its bytes arrive: nothing has to be stored
before there is a verdict.

    streamed = carnet.StreamingGate.open(gate, passport_bytes)
    with carnet.JudgedFile(streamed, "model.safetensors", size) as file: ...    # file.write(chunk)
    verdict = streamed.finish()

Files come one after the other or several at once, in any order, in chunks of any size. What no
further byte can make good is refused at once (docs/streaming.md). Safe from several threads; keeps
what it needs of the gate.)";

constexpr const char* kOpenDoc = R"(Judges the lines of the passport.

Args:
    passport: the file's bytes.
    refuse_early: where False, all bytes are digested whatever they are, and the verdict names all
        that is wrong.
    spool_folder: where PyTorch files of over 16 MiB are kept until their end; without it such a
        file raises Unsupported.
    max_spooled_bytes: of all files there.
    max_kept_bytes: in memory, of all files.
    now: the time of the verdict, by default the system's clock.

Raises what `Gate.check` does.)";

}  // namespace

void BindStreaming(nb::module_& module) {
  nb::class_<SharedFile>(module, "StreamedFile", nb::is_final(),
                         "One file on its way. Unless it is closed, the model is not whole.")
      .def("write", &SharedFile::Write, nb::arg("chunk"),
           nb::sig("def write(self, chunk: bytes | bytearray | memoryview) -> bool"),
           "Takes the next bytes, which are hashed in this thread. False where the model is "
           "refused: the gate's `refusal` says why, and nothing more is looked at. Raises IoError "
           "and Unsupported, which are final, and Conflict once it is closed.")
      .def("close", &SharedFile::Close,
           "All bytes were written. False where the model is refused. Raises as `write`.")
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
  nb::class_<StreamingGate>(module, "StreamingGate", kStreamingDoc)
      .def_static("open", &OpenStream, nb::arg("gate"), nb::arg("passport"), nb::kw_only(),
                  nb::arg("refuse_early") = true, nb::arg("spool_folder") = nb::none(),
                  nb::arg("max_spooled_bytes") = uint64_t{64} << 30,
                  nb::arg("max_kept_bytes") = uint64_t{256} << 20, nb::arg("now") = nb::none(),
                  kOpenDoc)
      .def("add", &Add, nb::arg("path"), nb::arg("size") = nb::none(),
           "A file of the model: its path as in the model's folder, with '/', and its size where "
           "it is known, which it then has to have. A path that is refused gives a file that "
           "refuses all bytes. Raises Unsupported (1,024 files are open, or there is no room) and "
           "Conflict (the verdict was given).")
      .def_prop_ro(
          "refused", [](const StreamingGate& gate) { return gate.refused(); },
          "Whether the verdict is a no already.")
      .def_prop_ro(
          "refusal", [](const StreamingGate& gate) { return gate.refusal(); },
          "That verdict, else None.")
      .def(
          "finish", [](StreamingGate& gate) { return WithoutGil([&] { return gate.Finish(); }); },
          "The verdict about the files that were closed. Once it is there, it stays the same. "
          "Raises what an earlier call could not do.")
      .def_prop_ro(
          "model", [](const StreamingGate& gate) { return gate.model(); },
          "The files as digests, once `finish` has judged all of them, else None.")
      .def("__reduce__", &RefuseToPickle, kNeverReturns);
}

}  // namespace carnet::python
