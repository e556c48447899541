/* Checks a model's passport from C, offline. Link carnet-verify.
 *
 * Calls that can fail return a status and, if `message` is not NULL, set *message to a text for
 * people, or to NULL on success. What a call hands out belongs to the caller, who frees it with its
 * own free function, never with free(); these accept NULL. A required argument that is NULL is
 * CARNET_INVALID_ARGUMENT. No C++ exception leaves this library.
 *
 * Handles never change once made, but for streams and their files: any number of threads may use
 * one at the same time, as long as none frees it; a stream's file is for one thread at a time.
 * Strings are UTF-8, end with NUL, and live as long as the handle that they came from. Times are
 * milliseconds since 1970-01-01T00:00:00Z. */
#ifndef CARNET_CARNET_H_
#define CARNET_CARNET_H_

#include <carnet/export.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Increases when a program that was compiled with an older header would break. */
#define CARNET_ABI_VERSION 1
CARNET_API int carnet_abi_version(void); /* of the library that is loaded */
CARNET_API const char* carnet_version(void);

typedef enum carnet_status {
  CARNET_OK = 0,
  CARNET_MALFORMED = 1,        /* bytes from outside that do not follow their format */
  CARNET_NOT_FOUND = 2,        /* what was asked for does not exist */
  CARNET_REJECTED = 3,         /* well-formed, but refused for its content */
  CARNET_CONFLICT = 4,         /* contradicts what is already recorded */
  CARNET_CORRUPTION = 5,       /* stored data does not agree with itself */
  CARNET_IO = 6,               /* the operating system or a library failed */
  CARNET_UNSUPPORTED = 7,      /* a known format in a variant that is not supported */
  CARNET_INVALID_ARGUMENT = 8, /* the caller's mistake: NULL, or a value out of its range */
  CARNET_INTERNAL = 9          /* out of memory, or a bug */
} carnet_status;

CARNET_API const char* carnet_status_name(carnet_status status); /* "ok", "malformed", ... */
CARNET_API void carnet_message_free(char* message);

/* Whose keys count, for what, until when: a trust directory. */
typedef struct carnet_trust carnet_trust;
CARNET_API carnet_status carnet_trust_load(const char* folder, carnet_trust** trust,
                                           char** message);
CARNET_API void carnet_trust_free(carnet_trust* trust);

/* Thresholds, judged at a date: a shipped policy by its id, or a .toml file. */
typedef struct carnet_policy carnet_policy;
CARNET_API carnet_status carnet_policy_shipped(const char* id, int64_t at_ms,
                                               carnet_policy** policy, char** message);
CARNET_API carnet_status carnet_policy_load(const char* path, int64_t at_ms, carnet_policy** policy,
                                            char** message);
CARNET_API void carnet_policy_free(carnet_policy* policy);

/* A model's files as digests. `flags` is 0 or any of the following, combined with |. */
#define CARNET_FOLLOW_LINKS 1u /* to files inside, and to the blobs of a Hugging Face snapshot */
#define CARNET_NO_TENSORS 2u   /* no tensor roots */
#define CARNET_COVER_ALL 4u    /* digest and files with README.md, .gitattributes, ... (S5) */
typedef struct carnet_model carnet_model;
CARNET_API carnet_status carnet_model_read(const char* path, uint32_t flags, carnet_model** model,
                                           char** message);
CARNET_API const char* carnet_model_digest(const carnet_model* model); /* hex; NULL for NULL */
CARNET_API uint64_t carnet_model_bytes(const carnet_model* model);
CARNET_API size_t carnet_model_file_count(const carnet_model* model);
/* NULL after the last file. Files are sorted by path. */
CARNET_API const char* carnet_model_file_path(const carnet_model* model, size_t file);
CARNET_API const char* carnet_model_file_sha256(const carnet_model* model, size_t file);
CARNET_API void carnet_model_free(carnet_model* model);

/* Judges passports. It keeps what it needs from trust and policy: both may be freed before it. */
typedef struct carnet_gate carnet_gate;
typedef struct carnet_verdict carnet_verdict;
CARNET_API carnet_status carnet_gate_new(const carnet_trust* trust, const carnet_policy* policy,
                                         unsigned threads, carnet_gate** gate, char** message);
/* Whatever is wrong with the passport or the model is a verdict; a status other than CARNET_OK is
 * "could not tell", never a "no". */
CARNET_API carnet_status carnet_gate_check(const carnet_gate* gate, const void* passport,
                                           size_t passport_size, const carnet_model* model,
                                           int64_t now_ms, carnet_verdict** verdict,
                                           char** message);
CARNET_API carnet_status carnet_gate_check_file(const carnet_gate* gate, const char* passport_path,
                                                const carnet_model* model, int64_t now_ms,
                                                carnet_verdict** verdict, char** message);
CARNET_API void carnet_gate_free(carnet_gate* gate);

/* A model that is judged while its bytes arrive; <carnet/streaming.h> says what is refused when. A
 * "no" is never a status: `refused`, which may be NULL, is set to 1 where the upload may end, as
 * the verdict is there, else to 0. A status of io or unsupported is "could not tell", and final. */
typedef struct carnet_stream carnet_stream;
typedef struct carnet_stream_file carnet_stream_file;
/* `flags` is 0 or: */
#define CARNET_REFUSE_AT_THE_END 1u /* digest all, and find all that is wrong */
/* `spool_folder`, which may be NULL, is where PyTorch files of over 16 MiB are kept meanwhile. The
 * stream keeps what it needs from the gate, which may be freed before it. */
CARNET_API carnet_status carnet_stream_open(const carnet_gate* gate, const void* passport,
                                            size_t passport_size, int64_t now_ms,
                                            const char* spool_folder, uint32_t flags,
                                            carnet_stream** stream, char** message);
/* 1 where there is a "no" already, else 0; 0 for NULL. */
CARNET_API int carnet_stream_refused(const carnet_stream* stream);
/* A file of the model: its path with '/', and its size, or CARNET_UNKNOWN_SIZE. Where the path is
 * refused there is a file nevertheless, which takes no bytes. */
#define CARNET_UNKNOWN_SIZE UINT64_MAX
CARNET_API carnet_status carnet_stream_add(carnet_stream* stream, const char* path, uint64_t size,
                                           carnet_stream_file** file, char** message);
/* `bytes` may be NULL where `size` is 0. */
CARNET_API carnet_status carnet_stream_write(carnet_stream_file* file, const void* bytes,
                                             size_t size, int* refused, char** message);
/* All of the file was written. A file that is freed without is an upload that was cut off. */
CARNET_API carnet_status carnet_stream_close(carnet_stream_file* file, int* refused,
                                             char** message);
CARNET_API void carnet_stream_file_free(carnet_stream_file* file);
CARNET_API carnet_status carnet_stream_finish(carnet_stream* stream, carnet_verdict** verdict,
                                              char** message);
/* The files may be freed after it. */
CARNET_API void carnet_stream_free(carnet_stream* stream);

CARNET_API int carnet_verdict_passed(const carnet_verdict* verdict); /* 1 or 0; 0 for NULL */
CARNET_API int carnet_verdict_level(const carnet_verdict* verdict);  /* 0 to 5; 0 for NULL */
/* Of the first finding; "" on a pass. NULL for NULL. */
CARNET_API const char* carnet_verdict_reason(const carnet_verdict* verdict);
CARNET_API const char* carnet_verdict_message(const carnet_verdict* verdict);
/* What `carnet verify --json` prints. `size`, without the NUL, may be NULL. */
CARNET_API const char* carnet_verdict_json(const carnet_verdict* verdict, size_t* size);
CARNET_API void carnet_verdict_free(carnet_verdict* verdict);

#ifdef __cplusplus
}
#endif

#endif /* CARNET_CARNET_H_ */
