// The C ABI over the C++ API: arguments checked, errors as status and message, and the only place
// that stops exceptions (from the standard library, when memory runs out) from crossing it.
#include <carnet/carnet.h>
#include <carnet/streaming.h>
#include <carnet/verify.h>

#include <cstring>
#include <exception>
#include <new>

#include "api/version.h"

struct carnet_trust {
  carnet::Trust value;
};
struct carnet_policy {
  carnet::Policy value;
};
struct carnet_model {
  carnet::Model value;
};
struct carnet_gate {
  carnet::Gate value;
};
struct carnet_verdict {
  carnet::Verdict value;
  std::string json;
};
struct carnet_stream {
  carnet::StreamingGate value;
};
struct carnet_stream_file {
  carnet::StreamedFile value;
};

namespace {

constexpr carnet_status kStatusOf[] = {CARNET_MALFORMED,  CARNET_NOT_FOUND,  CARNET_REJECTED,
                                       CARNET_CONFLICT,   CARNET_CORRUPTION, CARNET_IO,
                                       CARNET_UNSUPPORTED};
static_assert(static_cast<size_t>(carnet::ErrorCode::kMalformed) == 0);
static_assert(static_cast<size_t>(carnet::ErrorCode::kUnsupported) + 1 == std::size(kStatusOf));

// A copy that C can own; null if there is no memory for it: the status still says what happened.
char* Copy(const char* text, size_t size) {
  char* copy = new (std::nothrow) char[size + 1];
  if (copy != nullptr) {
    std::memcpy(copy, text, size);
    copy[size] = '\0';
  }
  return copy;
}

carnet_status Fail(carnet_status status, std::string_view text, char** message) {
  if (message != nullptr) *message = Copy(text.data(), text.size());
  return status;
}

// `make` returns a Result with what *out is to hold.
template <typename Handle, typename Make>
carnet_status Give(Handle** out, char** message, const Make& make) noexcept {
  if (message != nullptr) *message = nullptr;
  if (out == nullptr) return Fail(CARNET_INVALID_ARGUMENT, "a NULL argument", message);
  *out = nullptr;
  try {
    auto made = make();
    if (!made) {
      return Fail(kStatusOf[static_cast<size_t>(made.error().code)], made.error().message, message);
    }
    *out = new Handle{std::move(made).value()};
    return CARNET_OK;
  } catch (const std::exception& error) {
    return Fail(CARNET_INTERNAL, error.what(), message);
  } catch (...) {
    return Fail(CARNET_INTERNAL, "an unknown exception", message);
  }
}

// `take` returns a Result with what became of the bytes.
template <typename Take>
carnet_status TakeIn(int* refused, char** message, const Take& take) noexcept {
  if (message != nullptr) *message = nullptr;
  if (refused != nullptr) *refused = 0;
  try {
    const carnet::Result<carnet::Intake> taken = take();
    if (!taken) {
      return Fail(kStatusOf[static_cast<size_t>(taken.error().code)], taken.error().message,
                  message);
    }
    if (refused != nullptr) *refused = *taken == carnet::Intake::kRefused ? 1 : 0;
    return CARNET_OK;
  } catch (const std::exception& error) {
    return Fail(CARNET_INTERNAL, error.what(), message);
  } catch (...) {
    return Fail(CARNET_INTERNAL, "an unknown exception", message);
  }
}

template <typename... Pointers>
bool AnyNull(const Pointers*... pointers) {
  return (... || (pointers == nullptr));
}

template <typename Handle>
carnet_status Refuse(const char* why, Handle** out, char** message) {
  if (out != nullptr) *out = nullptr;
  return Fail(CARNET_INVALID_ARGUMENT, why, message);
}

template <typename Handle>
carnet_status RefuseNull(Handle** out, char** message) {
  return Refuse("a NULL argument", out, message);
}

carnet::Time TimeOf(int64_t milliseconds) {
  return carnet::Time(std::chrono::milliseconds(milliseconds));
}

carnet::Result<carnet_verdict> WithJson(carnet::Result<carnet::Verdict> checked) {
  if (!checked) return checked.error();
  std::string json = checked->ToJson();
  return carnet_verdict{std::move(checked).value(), std::move(json)};
}

const carnet::ModelFile* FileOf(const carnet_model* model, size_t file) {
  if (model == nullptr || file >= model->value.files().size()) return nullptr;
  return &model->value.files()[file];
}

}  // namespace

int carnet_abi_version() { return CARNET_ABI_VERSION; }
const char* carnet_version() { return carnet::api::kVersion; }

const char* carnet_status_name(carnet_status status) {
  static constexpr const char* kNames[] = {
      "ok",         "malformed", "not-found",   "rejected",         "conflict",
      "corruption", "io",        "unsupported", "invalid-argument", "internal"};
  const auto index = static_cast<size_t>(status);
  return index < std::size(kNames) ? kNames[index] : "unknown";
}

void carnet_message_free(char* message) { delete[] message; }

carnet_status carnet_trust_load(const char* folder, carnet_trust** trust, char** message) {
  if (AnyNull(folder)) return RefuseNull(trust, message);
  return Give(trust, message, [&] { return carnet::Trust::Load(folder); });
}
void carnet_trust_free(carnet_trust* trust) { delete trust; }

carnet_status carnet_policy_shipped(const char* id, int64_t at_ms, carnet_policy** policy,
                                    char** message) {
  if (AnyNull(id)) return RefuseNull(policy, message);
  return Give(policy, message, [&] { return carnet::Policy::Shipped(id, TimeOf(at_ms)); });
}
carnet_status carnet_policy_load(const char* path, int64_t at_ms, carnet_policy** policy,
                                 char** message) {
  if (AnyNull(path)) return RefuseNull(policy, message);
  return Give(policy, message, [&] { return carnet::Policy::Load(path, TimeOf(at_ms)); });
}
void carnet_policy_free(carnet_policy* policy) { delete policy; }

carnet_status carnet_model_read(const char* path, uint32_t flags, carnet_model** model,
                                char** message) {
  if (AnyNull(path)) return RefuseNull(model, message);
  if ((flags & ~(CARNET_FOLLOW_LINKS | CARNET_NO_TENSORS | CARNET_COVER_ALL)) != 0) {
    return Refuse("flags: a flag that this version does not know", model, message);
  }
  return Give(model, message, [&] {
    carnet::ModelOptions options;
    options.follow_links = (flags & CARNET_FOLLOW_LINKS) != 0;
    options.tensors = (flags & CARNET_NO_TENSORS) == 0;
    options.cover_all = (flags & CARNET_COVER_ALL) != 0;
    return carnet::Model::Read(path, options);
  });
}
const char* carnet_model_digest(const carnet_model* model) {
  return model == nullptr ? nullptr : model->value.digest().c_str();
}
uint64_t carnet_model_bytes(const carnet_model* model) {
  return model == nullptr ? 0 : model->value.total_bytes();
}
size_t carnet_model_file_count(const carnet_model* model) {
  return model == nullptr ? 0 : model->value.files().size();
}
const char* carnet_model_file_path(const carnet_model* model, size_t file) {
  const carnet::ModelFile* found = FileOf(model, file);
  return found == nullptr ? nullptr : found->path.c_str();
}
const char* carnet_model_file_sha256(const carnet_model* model, size_t file) {
  const carnet::ModelFile* found = FileOf(model, file);
  return found == nullptr ? nullptr : found->sha256.c_str();
}
void carnet_model_free(carnet_model* model) { delete model; }

carnet_status carnet_gate_new(const carnet_trust* trust, const carnet_policy* policy,
                              unsigned threads, carnet_gate** gate, char** message) {
  constexpr unsigned kMaxThreads = 256;
  if (AnyNull(trust, policy)) return RefuseNull(gate, message);
  if (threads < 1 || threads > kMaxThreads) {
    return Refuse("threads: expected 1 to 256", gate, message);
  }
  return Give(gate, message, [&]() -> carnet::Result<carnet::Gate> {
    return carnet::Gate(trust->value, policy->value, threads);
  });
}
carnet_status carnet_gate_check(const carnet_gate* gate, const void* passport, size_t passport_size,
                                const carnet_model* model, int64_t now_ms, carnet_verdict** verdict,
                                char** message) {
  if (AnyNull(gate, passport, model)) return RefuseNull(verdict, message);
  return Give(verdict, message, [&] {
    return WithJson(gate->value.Check({static_cast<const char*>(passport), passport_size},
                                      model->value, TimeOf(now_ms)));
  });
}
carnet_status carnet_gate_check_file(const carnet_gate* gate, const char* passport_path,
                                     const carnet_model* model, int64_t now_ms,
                                     carnet_verdict** verdict, char** message) {
  if (AnyNull(passport_path) || AnyNull(gate, model)) return RefuseNull(verdict, message);
  return Give(verdict, message, [&] {
    return WithJson(gate->value.CheckFile(passport_path, model->value, TimeOf(now_ms)));
  });
}
void carnet_gate_free(carnet_gate* gate) { delete gate; }

carnet_status carnet_stream_open(const carnet_gate* gate, const void* passport,
                                 size_t passport_size, int64_t now_ms, const char* spool_folder,
                                 uint32_t flags, carnet_stream** stream, char** message) {
  if (AnyNull(gate) || AnyNull(passport)) return RefuseNull(stream, message);
  if ((flags & ~CARNET_REFUSE_AT_THE_END) != 0) {
    return Refuse("flags: a flag that this version does not know", stream, message);
  }
  return Give(stream, message, [&] {
    carnet::StreamingOptions options;
    options.refuse_early = (flags & CARNET_REFUSE_AT_THE_END) == 0;
    if (spool_folder != nullptr) options.spool_folder = spool_folder;
    return carnet::StreamingGate::Open(
        gate->value, {static_cast<const char*>(passport), passport_size}, TimeOf(now_ms), options);
  });
}
int carnet_stream_refused(const carnet_stream* stream) {
  return stream != nullptr && stream->value.refused() ? 1 : 0;
}
carnet_status carnet_stream_add(carnet_stream* stream, const char* path, uint64_t size,
                                carnet_stream_file** file, char** message) {
  if (AnyNull(stream) || AnyNull(path)) return RefuseNull(file, message);
  return Give(file, message, [&] {
    return stream->value.Add(path,
                             size == CARNET_UNKNOWN_SIZE ? std::nullopt : std::optional(size));
  });
}
carnet_status carnet_stream_write(carnet_stream_file* file, const void* bytes, size_t size,
                                  int* refused, char** message) {
  if (AnyNull(file) || (bytes == nullptr && size > 0)) {
    if (refused != nullptr) *refused = 0;
    return Fail(CARNET_INVALID_ARGUMENT, "a NULL argument", message);
  }
  return TakeIn(refused, message, [&] { return file->value.Write(bytes, size); });
}
carnet_status carnet_stream_close(carnet_stream_file* file, int* refused, char** message) {
  if (AnyNull(file)) {
    if (refused != nullptr) *refused = 0;
    return Fail(CARNET_INVALID_ARGUMENT, "a NULL argument", message);
  }
  return TakeIn(refused, message, [&] { return file->value.Close(); });
}
void carnet_stream_file_free(carnet_stream_file* file) { delete file; }
carnet_status carnet_stream_finish(carnet_stream* stream, carnet_verdict** verdict,
                                   char** message) {
  if (AnyNull(stream)) return RefuseNull(verdict, message);
  return Give(verdict, message, [&] { return WithJson(stream->value.Finish()); });
}
void carnet_stream_free(carnet_stream* stream) { delete stream; }

int carnet_verdict_passed(const carnet_verdict* verdict) {
  return verdict != nullptr && verdict->value.passed() ? 1 : 0;
}
int carnet_verdict_level(const carnet_verdict* verdict) {
  return verdict == nullptr ? 0 : verdict->value.level;
}
const char* carnet_verdict_reason(const carnet_verdict* verdict) {
  return verdict == nullptr ? nullptr : verdict->value.reason.c_str();
}
const char* carnet_verdict_message(const carnet_verdict* verdict) {
  if (verdict == nullptr) return nullptr;
  return verdict->value.findings.empty() ? "" : verdict->value.findings.front().message.c_str();
}
const char* carnet_verdict_json(const carnet_verdict* verdict, size_t* size) {
  if (size != nullptr) *size = verdict == nullptr ? 0 : verdict->json.size();
  return verdict == nullptr ? nullptr : verdict->json.c_str();
}
void carnet_verdict_free(carnet_verdict* verdict) { delete verdict; }
