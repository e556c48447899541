// Judges a model while its bytes arrive, as they are uploaded or downloaded: no file has to be
// stored before there is a verdict. Link carnet::verify.
//
//   StreamingGate   a passport, and files as they come     StreamedFile   one of them, in chunks
//
// Files come one after the other or several at once, in any order, each in chunks of any size. The
// verdict is that of Gate::Check about Model::Read of a folder with the same files, and is there
// with the last byte. What no further byte can make good is refused at once, unless that is not
// wanted:
//
//   when it is opened    signatures, log, identity, lineage, times and figures of the passport
//                        (R1-R17, R19-R34): under such a passport no model passes
//   Add                  a path that the passport does not list and does not leave out, that S5
//                        does not allow, or that is there already; another size than it states
//   Write                more bytes than it states; the header of a weight file whose tensor root
//                        it states, if no file of that size has such a header; what it leaves out,
//                        beyond what may be left out
//   Close                fewer bytes; another digest; what it leaves out and must not (README.md
//                        that is a script)
//   Finish               all else: missing files, tensor roots, parameters (R35), the policy (R38).
//                        A file that was not closed is an upload that was cut off
//
// A passport states the digests of files, and one root for all tensors of a set: a tensor that
// differs shows with the last byte of its file. What is refused before Finish because of the files
// has the reason other-model or must-be-covered, also where Finish would find another reason of
// R18: that the tensors are the same, or that the passport misstates its own file.
#pragma once

#include <carnet/export.h>
#include <carnet/result.h>
#include <carnet/verify.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carnet {

struct StreamingOptions {
  // Where false, all bytes are digested whatever they are, and the verdict names all that is wrong,
  // to the letter as Gate::Check does; files that no folder can have together are refused always.
  bool refuse_early = true;
  // PyTorch's files (.bin, .pt, .pth, .ckpt) say at their end what is in them: they are kept until
  // then, and their tensors are hashed in Close. Up to 16 MiB they are kept in memory, larger ones
  // in this folder, in files without a name, which end with the gate. Without a folder a larger one
  // is an error.
  std::string spool_folder = {};
  uint64_t max_spooled_bytes = uint64_t{64} << 30;  // of all files, in that folder
  // In memory, of all files: paths, headers, configurations, and what is kept; until the verdict
  // the names of tensors and what an index maps. Beside it each tensor takes up to 512 bytes, of at
  // most 1,048,576, as with Model::Read.
  uint64_t max_kept_bytes = uint64_t{256} << 20;
};

enum class Intake {
  kTaken,
  kRefused,  // StreamingGate::refusal says why; nothing more is looked at
};

// One file on its way, for one thread at a time; several files may be written at once. Unless it is
// closed, the model is not whole. It may outlive the gate.
class CARNET_API StreamedFile {
 public:
  StreamedFile(StreamedFile&&) noexcept;
  StreamedFile& operator=(StreamedFile&&) noexcept;
  ~StreamedFile();

  // The next bytes of the file, which are hashed in this thread. Errors are "could not tell", and
  // final for the gate: io (the spool folder), unsupported (no room for what has to be kept). Also:
  // conflict: it is closed, or the gate has given its verdict, which both change nothing.
  Result<Intake> Write(std::string_view bytes);
  Result<Intake> Write(const void* bytes, size_t size);
  // All bytes were written. Errors: as Write.
  Result<Intake> Close();

 private:
  friend class StreamingGate;
  struct State;
  explicit StreamedFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Thread safe.
class CARNET_API StreamingGate {
 public:
  // Judges the lines of the passport. It keeps what it needs of the gate. `now` is that of the
  // verdict. Errors: as Gate::Check.
  static Result<StreamingGate> Open(const Gate& gate, std::string_view passport, Time now,
                                    const StreamingOptions& options = {});

  StreamingGate(StreamingGate&&) noexcept;
  StreamingGate& operator=(StreamingGate&&) noexcept;
  ~StreamingGate();

  // A file of the model: its path as in the model's folder, with '/', and its size where it is
  // known, which it then has to have. A path that is refused gives a file that refuses all bytes.
  // Errors: unsupported (1,024 files are open, or there is no room), final as in Write; conflict:
  // the gate has given its verdict.
  Result<StreamedFile> Add(const std::string& path, std::optional<uint64_t> bytes = std::nullopt);

  // Whether the verdict is a "no" already.
  bool refused() const;
  // That verdict. Its row for the model says that it was not judged
  // where the passport alone decided.
  std::optional<Verdict> refusal() const;

  // The verdict about the files that were closed. Once it is there, it stays the same. Errors: what
  // an earlier call could not do.
  Result<Verdict> Finish();
  // The files as digests, once Finish has judged all of them.
  std::optional<Model> model() const;

 private:
  friend class StreamedFile;
  struct State;
  explicit StreamingGate(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace carnet
